"""Commands that need the tables of the database as this Isnad has them."""

from django.core.management.base import BaseCommand, CommandError

from osint.keeping import tables

NO_TABLES = "The database has no tables. Look at DATABASE_URL, or run manage.py migrate first."
OTHERS = "The database is not as this Isnad needs it. Run manage.py migrate first."


class Tabled(BaseCommand):
    """A command that is refused in a line, before it does anything, where the database lacks what it speaks to."""

    # Django asks for it before the command begins, and only warns.
    requires_migrations_checks = True
    needs_all = True  # whether an older Isnad's tables are too few
    refusal = 1  # what it ends with

    def check_migrations(self) -> None:
        """Refuse."""
        known = tables.known()
        applied = tables.applied(known)
        if not applied:
            raise CommandError(NO_TABLES, returncode=self.refusal)
        if self.needs_all and applied != known:
            raise CommandError(OTHERS, returncode=self.refusal)
