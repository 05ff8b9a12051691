"""A report → text, one format a file. Writers spell; they decide nothing."""
