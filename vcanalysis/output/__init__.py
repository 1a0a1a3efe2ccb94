"""From results to readers: pictures, the disclosure gate, results, reports, the runner."""
