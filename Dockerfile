FROM python:3.11-slim AS build
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /app
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-group dev --no-group local
COPY . .
ENV STATIC_ROOT=/app/staticfiles
RUN SECRET_KEY=for-collectstatic-only .venv/bin/python manage.py collectstatic --noinput

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home nrm
COPY --from=build /app /app
WORKDIR /app
USER nrm
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 STATIC_ROOT=/app/staticfiles
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "nrm_tracker.wsgi:application", "--bind", "0.0.0.0:8000", "--no-control-socket", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--graceful-timeout", "10", "--log-level", "warning"]
