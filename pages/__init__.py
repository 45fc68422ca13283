"""Everything that draws. Page files lie in subfolders, so that Streamlit never serves them by itself."""
