"""Qt item models and the row arithmetic behind them."""
