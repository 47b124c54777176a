"""Trains the sample catalog's models on a simulated population and writes them to `models/`."""
