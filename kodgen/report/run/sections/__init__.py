"""The sections of the page of a run, one module each: what is known of it, as figures."""
