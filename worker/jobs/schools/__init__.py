"""Jobs about a school's feeds and channels."""
