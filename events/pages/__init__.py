"""What the pages for readers show: the list on the front page, an incident with footnotes, a report with passages."""
