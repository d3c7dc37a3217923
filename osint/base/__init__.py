"""The floor: what every app may use; it stands on Django, DRF, django-filter and edtf alone."""
