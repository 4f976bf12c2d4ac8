"""What the pages of every face share: the look, the languages, the headers. Nothing here knows what a page says."""
