"""python -m nrm_tracker.local run, or exec [--fast] -- COMMAND."""

import argparse
import sys

from nrm_tracker.local.command import execute
from nrm_tracker.local.places import RefusedError
from nrm_tracker.local.product import run


def main() -> int:
    """Do what the command line says; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m nrm_tracker.local")
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("run", help="start everything and keep it running")
    one = actions.add_parser("exec", help="run one command with the servers it needs")
    one.add_argument("--fast", action="store_true", help="on a temporary, forgetful database")
    one.add_argument("command", nargs=argparse.REMAINDER)
    asked = parser.parse_args()
    command = [*getattr(asked, "command", [])]
    if command[:1] == ["--"]:
        del command[0]
    if asked.action == "exec" and not command:
        parser.error("say which command: exec [--fast] -- COMMAND")
    try:
        return run() if asked.action == "run" else execute(command, fast=asked.fast)
    except RefusedError as refused:
        print(refused, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
