"""Official statistics become one tidy council-year panel, with a log of what is strange about them."""
