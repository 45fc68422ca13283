"""Charts: a DataFrame's columns in, a Vega-Lite specification out."""
