"""The overview: the weekly view and the goals."""
