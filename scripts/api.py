"""Lists a crate's public interface, one item a line and sorted, from rustdoc's JSON."""

import json
import sys


class Listing:
    def __init__(self, crate: dict):
        self.index, self.paths, self.lines, self.seen = crate["index"], crate["paths"], set(), set()
        root = self.item(crate["root"])
        self.module(root["name"], root)

    def item(self, id):
        return self.index.get(str(id))

    def add(self, line: str) -> None:
        self.lines.add(" ".join(line.split()))

    # Items

    def module(self, path: str, module: dict) -> None:
        for id in module["inner"]["module"]["items"]:
            item = self.item(id)
            if item and item["visibility"] == "public":
                self.named(path, item)

    def named(self, path: str, item: dict) -> None:
        (kind, inner), = item["inner"].items()
        if kind == "use":
            target = self.item(inner["id"]) if inner["id"] is not None else None
            if target is None:
                self.add(f"pub use {path}::{inner['name']} = {inner['source']}")
            elif inner["is_glob"]:
                self.module(path, target)
            else:
                self.named(path, {**target, "name": inner["name"]})
            return
        where = f"{path}::{item['name']}"
        if (where, kind) in self.seen:
            return
        self.seen.add((where, kind))
        getattr(self, f"on_{kind}", self.other)(where, item, inner)

    def other(self, where, item, inner):
        self.add(f"pub {next(iter(item['inner']))} {where}")

    def on_module(self, where, item, inner):
        self.add(f"pub mod {where}")
        self.module(where, item)

    def on_function(self, where, item, inner):
        self.add(f"pub {self.function(where, inner)}")

    def on_constant(self, where, item, inner):
        self.add(f"pub const {where}: {self.type(inner['type'])}")

    def on_type_alias(self, where, item, inner):
        self.add(f"pub type {where}{self.generics(inner['generics'])} = {self.type(inner['type'])}")

    def on_struct(self, where, item, inner):
        marks = "#[non_exhaustive] " if "non_exhaustive" in str(item["attrs"]) else ""
        self.add(f"{marks}pub struct {where}{self.generics(inner['generics'])}")
        self.fields(where, inner["kind"], "pub ")
        self.implementations(where, inner["impls"])

    def on_enum(self, where, item, inner):
        marks = "#[non_exhaustive] " if "non_exhaustive" in str(item["attrs"]) else ""
        self.add(f"{marks}pub enum {where}{self.generics(inner['generics'])}")
        for variant in map(self.item, inner["variants"]):
            self.add(f"{where}::{variant['name']}")
            self.fields(f"{where}::{variant['name']}", variant["inner"]["variant"]["kind"], "")
        self.implementations(where, inner["impls"])

    def on_trait(self, where, item, inner):
        bounds = self.bounds(inner["bounds"])
        self.add(f"pub trait {where}{self.generics(inner['generics'])}{': ' + bounds if bounds else ''}")
        self.members(where, inner["items"])

    def fields(self, where, kind, visibility):
        if kind == "plain" or kind == "unit":
            return
        ids = kind.get("tuple") or kind.get("plain", kind.get("struct", {})).get("fields", [])
        for field in filter(None, (self.item(id) for id in ids if id is not None)):
            if field["visibility"] in ("public", "default"):
                self.add(f"{visibility}{where}::{field['name']}: {self.type(field['inner']['struct_field'])}")

    def members(self, where, ids):
        for item in filter(None, map(self.item, ids)):
            (kind, inner), = item["inner"].items()
            name = f"{where}::{item['name']}"
            if kind == "function":
                provided = " (provided)" if inner["has_body"] and item["visibility"] == "default" else ""
                self.add(f"pub {self.function(name, inner)}{provided}")
            elif kind == "assoc_const":
                self.add(f"pub const {name}: {self.type(inner['type'])}")
            elif kind == "assoc_type":
                self.add(f"pub type {name}{': ' + self.bounds(inner['bounds']) if inner['bounds'] else ''}")

    def implementations(self, where, ids):
        for item in filter(None, map(self.item, ids)):
            inner = item["inner"]["impl"]
            if inner["blanket_impl"]:
                continue
            if inner["trait"] is None:
                ids = [id for id in inner["items"] if (self.item(id) or {}).get("visibility") == "public"]
                self.members(where, ids)
            else:
                no = "!" if inner["is_negative"] else ""
                name = no + inner["trait"]["path"].split("::")[-1] + self.arguments(inner["trait"].get("args"))
                self.add(f"impl{self.generics(inner['generics'])} {name} for {where}")

    # Signatures

    def function(self, name, inner) -> str:
        header, sig = inner["header"], inner["sig"]
        words = "".join(f"{word} " for word in ("const", "unsafe", "async") if header[f"is_{word}"])
        inputs = ", ".join(self.input(*each) for each in sig["inputs"])
        output = f" -> {self.type(sig['output'])}" if sig["output"] else ""
        return f"{words}fn {name}{self.generics(inner['generics'])}({inputs}){output}"

    def input(self, name, type) -> str:
        # The names of arguments are no part of the interface.
        return {"Self": "self", "&Self": "&self", "&mut Self": "&mut self"}.get(self.type(type), self.type(type)) \
            if name == "self" else self.type(type)

    def generics(self, generics) -> str:
        shown = []
        for param in generics["params"]:
            (kind, inner), = param["kind"].items()
            if kind == "lifetime":
                shown.append(param["name"])
            elif kind == "const":
                shown.append(f"const {param['name']}: {self.type(inner['type'])}")
            elif not inner.get("is_synthetic"):
                bounds = self.bounds(inner["bounds"])
                shown.append(param["name"] + (f": {bounds}" if bounds else ""))
        where = []
        for predicate in generics["where_predicates"]:
            if bound := predicate.get("bound_predicate"):
                where.append(f"{self.type(bound['type'])}: {self.bounds(bound['bounds'])}")
        return (f"<{', '.join(shown)}>" if shown else "") + (f" [{', '.join(sorted(where))}]" if where else "")

    def bounds(self, bounds) -> str:
        return " + ".join(filter(None, map(self.bound, bounds)))

    def bound(self, bound) -> str:
        if outlives := bound.get("outlives"):
            return outlives
        if not (of := bound.get("trait_bound")):
            return ""
        maybe = "?" if of["modifier"] == "maybe" else ""
        return maybe + of["trait"]["path"].split("::")[-1] + self.arguments(of["trait"].get("args"))

    def arguments(self, args) -> str:
        if not args:
            return ""
        if given := args.get("parenthesized"):
            output = f" -> {self.type(given['output'])}" if given["output"] else ""
            return f"({', '.join(map(self.type, given['inputs']))}){output}"
        given = args.get("angle_bracketed", {"args": [], "constraints": []})
        shown = [self.argument(arg) for arg in given["args"]] + [self.constraint(each) for each in given["constraints"]]
        return f"<{', '.join(shown)}>" if shown else ""

    def argument(self, arg) -> str:
        if isinstance(arg, str):
            return "_"
        (kind, inner), = arg.items()
        return {"lifetime": lambda: inner, "type": lambda: self.type(inner), "const": lambda: inner["expr"]}[kind]()

    def constraint(self, each) -> str:
        binding = each["binding"]
        if term := binding.get("equality"):
            return f"{each['name']} = {self.type(term['type']) if 'type' in term else term['constant']['expr']}"
        return f"{each['name']}: {self.bounds(binding['constraint'])}"

    def type(self, type) -> str:
        if type is None:
            return "()"
        if isinstance(type, str):
            return "_"
        (kind, inner), = type.items()
        if kind in ("generic", "primitive"):
            return inner
        if kind == "resolved_path":
            return inner["path"].split("::")[-1] + self.arguments(inner.get("args"))
        if kind == "borrowed_ref":
            lifetime = f"{inner['lifetime']} " if inner["lifetime"] else ""
            return f"&{lifetime}{'mut ' if inner['is_mutable'] else ''}{self.type(inner['type'])}"
        if kind == "tuple":
            return f"({', '.join(map(self.type, inner))})"
        if kind == "slice":
            return f"[{self.type(inner)}]"
        if kind == "array":
            return f"[{self.type(inner['type'])}; {inner['len']}]"
        if kind == "impl_trait":
            return f"impl {self.bounds(inner)}"
        if kind == "dyn_trait":
            names = [each["trait"]["path"].split("::")[-1] + self.arguments(each["trait"].get("args")) for each in inner["traits"]]
            return "dyn " + " + ".join(names + ([inner["lifetime"]] if inner["lifetime"] else []))
        if kind == "qualified_path":
            trait = f" as {inner['trait']['path'].split('::')[-1]}" if inner["trait"] and inner["trait"]["path"] else ""
            return f"<{self.type(inner['self_type'])}{trait}>::{inner['name']}"
        if kind == "function_pointer":
            sig = inner["sig"]
            output = f" -> {self.type(sig['output'])}" if sig["output"] else ""
            return f"fn({', '.join(self.type(each) for _, each in sig['inputs'])}){output}"
        if kind == "raw_pointer":
            return f"*{'mut' if inner['is_mutable'] else 'const'} {self.type(inner['type'])}"
        raise SystemExit(f"scripts/api.py does not know this kind of type: {kind}")


with open(sys.argv[1], encoding="utf-8") as file:
    print(*sorted(Listing(json.load(file)).lines), sep="\n")
