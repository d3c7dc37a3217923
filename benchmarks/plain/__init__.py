"""Plain REST framework on the same tables: viewsets, nested serializers, prefetching, numbered pages, django-filter."""
