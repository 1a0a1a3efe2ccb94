"""One reader per source: files in, text tables out. Nothing is interpreted here but the form."""
