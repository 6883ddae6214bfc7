"""A small Django service with signed cookies as sessions, to be moved: `app.py PORT`."""

import os
import sys

import django
from django.conf import settings
from django.contrib import messages
from django.core.management import execute_from_command_line
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DEBUG=False,
    INSTALLED_APPS=["django.contrib.sessions", "django.contrib.messages"],
    MESSAGE_STORAGE="django.contrib.messages.storage.session.SessionStorage",
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    ROOT_URLCONF=__name__,
    SECRET_KEY=os.environ["DJANGO_SECRET_KEY"],
    SECRET_KEY_FALLBACKS=[],
    SESSION_COOKIE_AGE=int(os.environ.get("AGE", "1209600")),
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
)


def home(request):
    return HttpResponse(f"Hello {request.session.get('name', 'nobody')}")


def log_in(request):
    request.session.cycle_key()
    request.session["name"] = request.GET["name"]
    request.session["theme"] = request.GET.get("theme", "light")
    if "expiry" in request.GET:
        request.session.set_expiry(int(request.GET["expiry"]))
    messages.success(request, "Welcome")
    return HttpResponseRedirect("/")


def log_out(request):
    request.session.flush()
    return HttpResponseRedirect("/")


urlpatterns = [path("", home), path("login", log_in), path("logout", log_out)]

if __name__ == "__main__":
    print(f"Django {django.get_version()}", flush=True)
    execute_from_command_line(["app.py", "runserver", "--noreload", f"127.0.0.1:{sys.argv[1]}"])
