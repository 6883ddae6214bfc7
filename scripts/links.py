"""Finds links that lead nowhere. `links.py files` reads the Markdown files, `links.py pages DIR` what rustdoc wrote."""

import html.parser
import pathlib
import re
import subprocess
import sys
import urllib.parse


# In the documentation of traits of other crates, which rustdoc repeats on each of our types.
THEIRS = ("dispatcher#setting-the-default-subscriber", "futures_core::future::TryFuture")


def anchor(heading):
    """The anchor that GitHub gives a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.strip()).lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def without_code(text):
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M))


def files():
    """Inline links and definitions, each to a file and perhaps a heading; and references that no definition is for."""
    bad, seen = [], 0
    for name in subprocess.run(["git", "ls-files", "*.md"], check=True, capture_output=True, text=True).stdout.split():
        page = pathlib.Path(name)
        if name == "src/front.md":  # its links are items, which rustdoc checks
            continue
        text = without_code(page.read_text())
        defined = dict(re.findall(r"^\[([^\]]+)\]: (\S+)$", text, re.M))
        inline = re.findall(r"\]\(([^)\s]+)\)", text)
        for key in re.findall(r"\]\[([^\]]+)\]", text):
            if key not in defined:
                bad.append(f"{name}: [{key}] is not defined")
        for key in defined:
            if f"[{key}]" not in re.sub(r"^\[[^\]]+\]: \S+$", "", text, flags=re.M):
                bad.append(f"{name}: [{key}] is defined, and not used")
        for target in inline + list(defined.values()):
            if re.match(r"[a-z]+:", target):
                continue
            seen += 1
            path, _, fragment = target.partition("#")
            to = page.parent / path if path else page
            if not to.exists():
                bad.append(f"{name}: {target} is not there")
            elif fragment and fragment not in map(anchor, re.findall(r"^#+ (.*)$", to.read_text(), re.M)):
                bad.append(f"{name}: no heading for {target}")
    return bad, seen


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids, self.targets = set(), []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.ids.update(value for name, value in attrs.items() if name in ("id", "name") and value)
        self.targets += [attrs[name] for name in ("href", "src") if attrs.get(name)]


def pages(root):
    """Local `href` and `src` of the crate's pages."""
    parsed, bad, seen = {}, [], 0

    def page(path):
        if path not in parsed:
            parsed[path] = Page()
            parsed[path].feed(path.read_text(errors="replace"))
        return parsed[path]

    for path in sorted(root.glob("hardtack/**/*.html")):
        for target in page(path).targets:
            url = urllib.parse.urlparse(target)
            if target in THEIRS or url.scheme or url.netloc:
                continue
            seen += 1
            to = (path.parent / urllib.parse.unquote(url.path)).resolve() if url.path else path
            if to.is_dir():
                to = to / "index.html"
            ids = {url.fragment, urllib.parse.unquote(url.fragment)} - {""}  # rustdoc writes some ids encoded
            if not to.exists():
                if root.resolve() in to.parents and to.relative_to(root.resolve()).parts[0] not in ("hardtack", "static.files", "src"):
                    continue  # another crate's page: this run writes none
                bad.append(f"{path.relative_to(root)}: {target}")
            elif ids and to.suffix == ".html" and "/src/" not in str(to) and not ids & page(to).ids:
                bad.append(f"{path.relative_to(root)}: {target}")
    return bad, seen


bad, seen = files() if sys.argv[1] == "files" else pages(pathlib.Path(sys.argv[2]))
print(*bad, sep="\n", end="\n" if bad else "")
print(f"{seen} local links, {len(bad)} lead nowhere")
sys.exit(bool(bad) or seen == 0)
