"""A Django site with sessions in its database, as small as can be. Its visitors move to the service beside it.

The view `hand_over` is all that the move adds: it seals who is logged in, for the visit that asks, by the command `hardtack`.
"""

import os
import subprocess
import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path

settings.configure(
    DEBUG=False,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    SECRET_KEY=os.environ["DJANGO_SECRET"],
    INSTALLED_APPS=["django.contrib.sessions"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["DJANGO_DATABASE"]}},
)


def log_in(request):
    request.session.cycle_key()
    request.session["name"] = request.GET["name"]
    return HttpResponse("logged in\n")


def home(request):
    return HttpResponse(f"hello {request.session.get('name', 'nobody')}\n")


def hand_over(request):
    name = request.session.get("name")
    state = request.GET.get("state", "")
    if name is None or len(state) != 32 or not set(state) <= set("0123456789abcdef"):
        return HttpResponse("log in first\n", status=401)
    command = ["hardtack", "token", "seal", "--cookie-name", "", "--purpose", "hand-over", "--schema", "1"]
    command += ["--idle", "120", "--absolute", "120", "--binding", state, "--payload", name.encode().hex()]
    sealed = subprocess.run(command, capture_output=True, check=True, text=True)
    return HttpResponseRedirect(f"{os.environ['SERVICE_URL']}/arrive?token={sealed.stdout.strip()}")


urlpatterns = [path("", home), path("login", log_in), path("hand-over", hand_over)]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
