"""The users in the admin: an administrator keeps them, and makes nobody more than the groups do."""

from html import unescape

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse

from events.models import Event
from osint.history import recording
from tests import rest
from tests.factories import make_event, make_site
from tests.kit.forms import filled


def change(user: User) -> str:
    return reverse("admin:auth_user_change", args=[user.pk])


@pytest.fixture
def office(client: Client, adam: User) -> Client:
    """A browser in which the administrator is logged in."""
    client.force_login(adam)
    return client


def test_an_administrator_puts_a_person_into_a_group(office: Client, alice: User) -> None:
    editors = Group.objects.get(name="Editor")
    office.post(change(alice), filled(office, change(alice)) | {"groups": [editors.pk]})
    assert alice.groups.get() == editors


def test_under_another_name_nobody_is_told_that_nothing_has_changed(office: Client, alice: User, edith: User) -> None:
    event = make_event()
    Event.objects.filter(pk=event.pk).update(assignee=alice)
    lists = [rest.client(edith).get(f"{rest.API}/events/")]
    office.post(change(alice), filled(office, change(alice)) | {"username": "alicia"})
    lists.append(rest.client(edith).get(f"{rest.API}/events/", headers={"if-none-match": lists[0]["ETag"]}))
    assert [one.json()["results"][0]["assignee"] for one in lists] == ["alice", "alicia"]


def test_an_administrator_makes_nobody_a_superuser(office: Client, adam: User, alice: User) -> None:
    for person in (adam, alice):
        data = filled(office, change(person)) | {
            "is_superuser": "on",
            "user_permissions": [Permission.objects.values_list("pk", flat=True)[0]],
        }
        office.post(change(person), data)
        person.refresh_from_db()
        assert not person.is_superuser
        assert not person.user_permissions.exists()


def test_an_administrator_changes_no_superuser(office: Client) -> None:
    root = User.objects.create_superuser("root")
    password = reverse("admin:auth_user_password_change", args=[root.pk])
    assert office.post(change(root), {"username": "mine"}).status_code == 403
    assert office.post(password, {"password1": "x-2026-long", "password2": "x-2026-long"}).status_code == 403
    assert office.post(reverse("admin:auth_user_delete", args=[root.pk]), {"post": "yes"}).status_code == 403


def test_a_selected_superuser_is_not_deleted_by_an_administrator(office: Client, alice: User) -> None:
    root = User.objects.create_superuser("root")
    data = {"action": "delete_selected", "_selected_action": [root.pk, alice.pk], "post": "yes"}
    office.post(reverse("admin:auth_user_changelist"), data)
    assert User.objects.filter(pk=root.pk).exists()


def test_who_has_worked_here_is_deactivated_and_not_deleted(office: Client, alice: User, edith: User) -> None:
    make_site(created_by=alice)
    with recording.change(edith, "Renamed."):
        make_site()
    for person in (alice, edith):
        answer = office.post(reverse("admin:auth_user_delete", args=[person.pk]), {"post": "yes"})
        assert f"“{person.username}” has done work here" in unescape(answer.content.decode())
    chosen = {"action": "delete_selected", "_selected_action": [edith.pk, alice.pk], "post": "yes"}
    answer = office.post(reverse("admin:auth_user_changelist"), chosen)
    assert "Untick “Active”" in unescape(answer.content.decode())
    assert User.objects.filter(pk__in=[alice.pk, edith.pk]).count() == 2
    data = filled(office, change(edith))
    del data["is_active"]
    assert office.post(change(edith), data).status_code == 302
    edith.refresh_from_db()
    assert not edith.is_active


def test_who_has_done_nothing_is_deleted(office: Client, alice: User) -> None:
    answer = office.post(reverse("admin:auth_user_delete", args=[alice.pk]), {"post": "yes"})
    assert answer.status_code == 302
    assert not User.objects.filter(pk=alice.pk).exists()


def test_a_superuser_makes_superusers(client: Client, alice: User) -> None:
    client.force_login(User.objects.create_superuser("root", is_staff=True))
    client.post(change(alice), filled(client, change(alice)) | {"is_superuser": "on"})
    alice.refresh_from_db()
    assert alice.is_superuser
