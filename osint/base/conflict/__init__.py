"""Two people at one form: the second gets the difference and a choice, and nothing that was typed is lost.

``page.meet`` is what the admin calls before it saves; ``sides`` builds the forms as they were and are, ``merging`` puts
together what was typed and what is stored, ``rows`` reads and writes the rows of a sent form.
"""
