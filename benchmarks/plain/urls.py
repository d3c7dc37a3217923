"""Its addresses."""

from rest_framework.routers import SimpleRouter

from benchmarks.plain.views import EventViewSet

router = SimpleRouter()
router.register("events", EventViewSet, basename="plain")
urlpatterns = router.urls
handler500 = "rest_framework.exceptions.server_error"
