"""The report of a run: what is known of it as plain values, and the page that shows it."""
