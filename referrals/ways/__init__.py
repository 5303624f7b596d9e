"""How people came in, person by person: what figures count, and the lists behind them."""
