"""Open-vocabulary skill spans: an optional component, trained by `vpoe train skills`."""
