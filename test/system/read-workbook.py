"""Prints the sheets of an XLSX file as JSON: each row as a list of [kind, value].

Knows ECMA-376, the ZIP format and XML from Python's standard library, and nothing of the program that wrote the file.
"""

import json
import re
import sys
import xml.etree.ElementTree as tree
import zipfile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def decode(text):
    """ST_Xstring: _x0007_ is the character of that code."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def read_cell(cell, days):
    if cell.find(MAIN + "f") is not None:
        return ["formula", cell.find(MAIN + "f").text]
    if cell.get("t") == "inlineStr":
        return ["text", decode("".join(part.text or "" for part in cell.iter(MAIN + "t")))]
    value = cell.find(MAIN + "v")
    if value is None:
        return ["empty", None]
    return ["day" if int(cell.get("s", "0")) in days else "number", float(value.text)]


def main(path):
    with zipfile.ZipFile(path) as file:
        damaged = file.testzip()
        if damaged:
            raise SystemExit(f"{damaged} is damaged")
        styles = tree.fromstring(file.read("xl/styles.xml"))
        formats = {each.get("numFmtId"): each.get("formatCode") for each in styles.iter(MAIN + "numFmt")}
        used = [each.get("numFmtId") for each in styles.find(MAIN + "cellXfs")]
        days = {at for at, number in enumerate(used) if "yy" in formats.get(number, "")}
        relations = {
            each.get("Id"): each.get("Target") for each in tree.fromstring(file.read("xl/_rels/workbook.xml.rels"))
        }
        sheets = {}
        for sheet in tree.fromstring(file.read("xl/workbook.xml")).iter(MAIN + "sheet"):
            with file.open("xl/" + relations[sheet.get(RELATION)]) as part:
                rows = tree.parse(part).iter(MAIN + "row")
                sheets[sheet.get("name")] = [[read_cell(cell, days) for cell in row] for row in rows]
    # Escaped: lone surrogates have no UTF-8.
    print(json.dumps(sheets))


main(sys.argv[1])
