"""The demo users: one per group, for development only."""

import stat
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db
NAMES = ["administrator", "analyst", "editor", "viewer"]


@pytest.fixture(autouse=True)
def development(settings, tmp_path) -> None:
    settings.DEBUG = True
    settings.DATA_DIR = tmp_path


def printed() -> dict[str, str]:
    """What the command prints: names and passwords."""
    out = StringIO()
    call_command("demo_users", stdout=out)
    lines = [line.split(maxsplit=1) for line in out.getvalue().splitlines()]
    return {line[0]: line[1] for line in lines}


def test_there_is_one_user_for_each_group_whose_printed_password_opens_the_door(client):
    passwords = printed()
    assert sorted(passwords) == NAMES
    for name, password in passwords.items():
        user = User.objects.get(username=name)
        assert user.check_password(password)
        assert user.is_staff == (name != "viewer")
        assert user.groups.get().name == name.title()
        assert user.is_superuser == (name == "administrator")


def test_a_second_run_prints_the_same_and_changes_nothing():
    before = printed()
    hashes = list(User.objects.values_list("username", "password"))
    assert printed() == before
    assert list(User.objects.values_list("username", "password")) == hashes


def test_a_password_that_was_changed_is_left_alone_and_said_to_be():
    printed()
    alice = User.objects.get(username="analyst")
    alice.set_password("her own")
    alice.save()
    assert printed()["analyst"] == "(password was changed)"
    alice.refresh_from_db()
    assert alice.check_password("her own")


def test_only_the_owner_reads_the_file_of_passwords(tmp_path):
    printed()
    assert stat.S_IMODE((tmp_path / "demo-users.txt").stat().st_mode) == 0o600


def test_production_has_no_demo_users(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="createsuperuser"):
        call_command("demo_users")
    assert not User.objects.exists()
