"""A real server on a store of its own, for browser tests, screenshots and benchmarks."""
