"""The definitions behind every figure, as pure functions. One definition, one function."""
