"""What of the catalog waits, and its commonest tasks."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from apps.catalog.models import Gpu, Model
from apps.common.today import today
from apps.editing import desk
from apps.editing.desk import Task, Waiting


def _stale(request: HttpRequest) -> Iterator[Waiting]:
    limit = today() - timedelta(days=settings.STALE_AFTER_DAYS)
    for table, name in ((Model, "models"), (Gpu, "GPUs")):
        count = table._default_manager.filter(checked_on__lte=limit).count()
        if count:
            url = reverse(f"admin:catalog_{table._meta.model_name}_changelist")
            told = f"{count} {name} were last checked {settings.STALE_AFTER_DAYS} days ago or more"
            yield Waiting(told, f"{url}?stale=yes")


desk.waits("catalog.change_model", _stale)
desk.task(
    lambda: Task(
        "Change a price",
        "find the offer, then “New price from …”.",
        reverse("admin:catalog_offer_changelist"),
        "catalog.change_price",
    )
)
desk.task(
    lambda: Task(
        "Add a model",
        "then its offers and prices.",
        reverse("admin:catalog_model_add"),
        "catalog.add_model",
    )
)
desk.task(
    lambda: Task(
        "Check stale models",
        "compare them with their sources and mark them checked.",
        f"{reverse('admin:catalog_model_changelist')}?stale=yes",
        "catalog.change_model",
    )
)
