from pathlib import Path

import pytest

from siting.errors import InputError
from siting.project import Budget
from siting.project_file import load_project, read_project
from siting.words import Phrase

HEAD = '[study]\nname = "小县"\nrulebook = "dingzhou-2021"\ncrs = "epsg:4547"\n'
LAYERS = """
[layers.villages]
file = "villages.csv"
crs = "CGCS2000"
encoding = "gbk"
columns = { residents = "2024年人口" }
[layers.schools]
file = "schools.xlsx"
sheet = "学校"
crs = "gcj02"
[layers.roads]
file = "roads.osm.pbf"
"""
PROGRAMME = '[[programme]]\ntier = "kindergarten"\narea = "rural"\n'


def write(folder: Path, head: str = HEAD, layers: str = LAYERS, rest: str = PROGRAMME) -> Path:
    for name in ("villages.csv", "schools.xlsx", "roads.osm.pbf"):
        (folder / name).touch()
    study = folder / "study.toml"
    study.write_text(head + layers + rest, encoding="utf-8")
    return study


def faults(study: Path) -> str:
    """Every fault, in both languages, a line each."""
    _, found = load_project(study)
    assert found
    return "\n".join(f"{fault.said_in('zh')} | {fault.said_in('en')}" for fault in found)


def test_a_whole_study(tmp_path: Path) -> None:
    rest = """
[demand]
pupils_per_1000 = { kindergarten = 21, primary = 60.5 }
[goals]
order = ["uncovered", "walk"]
[[programme]]
tier = "kindergarten"
area = "rural"
large_village = "second"
assign_limit_m = 3000
[[programme]]
key = "kg-town"
tier = "kindergarten"
area = "urban"
budget = "new <= 6, extend <= 1"
goals = ["cost", "uncovered"]
cost = { new = 5, extend = 0 }
[limits]
seconds = 20
"""
    head = HEAD + 'language = "en"\nnotice = { zh = "合成数据", en = "synthetic" }\n'
    project = read_project(write(tmp_path, head=head, rest=rest))
    assert (project.name, project.rulebook, project.crs, project.language) == (
        "小县",
        "dingzhou-2021",
        "EPSG:4547",
        "en",
    )
    assert project.notice == Phrase("合成数据", "synthetic")
    assert project.folder == tmp_path.resolve()
    villages, roads = project.layers["villages"], project.layers["roads"]
    assert (villages.file, villages.crs, villages.encoding) == (tmp_path / "villages.csv", "cgcs2000", "gbk")
    assert villages.columns == {"residents": "2024年人口"}
    assert project.layers["schools"].sheet == "学校"
    assert roads.crs == ""
    first, second = project.programmes
    assert (first.key, first.goals, first.large_village) == ("kindergarten-rural", ("uncovered", "walk"), "second")
    assert (first.assign_limit_m, first.budget, first.cost_new) == (3000.0, Budget(), 3.0)
    assert (second.key, second.goals) == ("kg-town", ("cost", "uncovered"))
    assert second.budget == Budget(new=6, extend=1)
    assert (second.cost_new, second.cost_extend) == (5.0, 0.0)
    assert project.pupils_per_1000 == {"kindergarten": 21.0, "primary": 60.5}
    assert (project.limits.seconds, project.limits.snap_limit_m) == (20.0, 1000.0)


@pytest.mark.parametrize(
    ("stated", "budget"),
    [
        ("new = 6", Budget(new=6, new_exact=True)),
        ("extend≤2", Budget(extend=2)),
        ("new <= 6，extend = 0", Budget(new=6, extend=0, extend_exact=True)),
        ("新建≤6，扩建＜＝１", Budget(new=6, extend=1)),
    ],
)
def test_budgets(tmp_path: Path, stated: str, budget: Budget) -> None:
    study = write(tmp_path, rest=f'{PROGRAMME}budget = "{stated}"\n')
    assert read_project(study).programmes[0].budget == budget


@pytest.mark.parametrize("stated", ["new < 6", "six", "new <= 6, new <= 7", "new <= 6,", "close <= 1", "new <= 1.5"])
def test_budgets_nobody_understands(tmp_path: Path, stated: str) -> None:
    said = faults(write(tmp_path, rest=f'{PROGRAMME}budget = "{stated}"\n'))
    assert f"budget = '{stated}'" in said
    assert 'like "new <= 6, extend <= 1"' in said


@pytest.mark.parametrize(
    ("key", "stated", "meant"),
    [("tier", "幼儿园", "kindergarten"), ("tier", "初级中学", "junior"), ("area", "农村", "rural")],
)
def test_chinese_words_for_a_tier_or_an_area(tmp_path: Path, key: str, stated: str, meant: str) -> None:
    programme = {"tier": "primary", "area": "all"} | {key: stated}
    said = faults(write(tmp_path, rest="[[programme]]\n" + "".join(f'{k} = "{v}"\n' for k, v in programme.items())))
    assert f"之一。 是否为“{meant}”？" in said


def test_paths_as_windows_writes_them(tmp_path: Path) -> None:
    folder = tmp_path / "教育局 数据（2024）"
    folder.mkdir()
    (folder / "村 庄.csv").touch()
    study = write(tmp_path, layers=LAYERS.replace('"villages.csv"', "'教育局 数据（2024）\\村 庄.csv'"))
    assert read_project(study).layers["villages"].file == folder / "村 庄.csv"


def test_a_missing_file_is_not_mistaken_for_another_kind(tmp_path: Path) -> None:
    """roads.shp is nearest in name to roads.osm.pbf, which is no Shapefile: the folder's files are listed."""
    said = faults(write(tmp_path, layers=LAYERS.replace('"roads.osm.pbf"', '"roads.shp"\ncrs = "wgs84"')))
    assert "请检查路径；该文件夹里有：roads.osm.pbf、schools.xlsx、study.toml、villages.csv。" in said
    assert "Did you mean" not in said


def test_a_notice_in_one_language_serves_both(tmp_path: Path) -> None:
    project = read_project(write(tmp_path, head=HEAD + 'notice = "Synthetic"\n'))
    assert project.notice == Phrase("Synthetic", "Synthetic")


def test_windows_notepad_marks_utf8(tmp_path: Path) -> None:
    study = write(tmp_path)
    study.write_bytes(b"\xef\xbb\xbf" + study.read_bytes().replace(b"\n", b"\r\n"))
    assert read_project(study).name == "小县"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("name =", "nmae ="), "[study] unknown key 'nmae'. Did you mean 'name'?"),
        (("name =", "nmae ="), '[study] 缺少 name。 如 name = "我的县"。'),
        (('"epsg:4547"', '"EPSG:4490"'), "(China Geodetic Coordinate System 2000) counts in degree, not metres."),
        (('"epsg:4547"', '"EPSG:2225"'), "counts in US survey foot, not metres."),
        (('crs = "epsg:4547"', ""), "[study] `crs` is missing."),
        (('name = "小县"', "name = 3"), "[study] name = 3 不对，应为加引号的非空文字。"),
        (('name = "小县"', 'name = " "'), "[study] name = ' ' should be text in quotes, not empty."),
        (("[study]\n", '[study]\nlanguage = "de"\n'), "[study] language = 'de' should be one of zh, en."),
        (("[study]\n", '[study]\nnotice = { fr = "x" }\n'), "[study.notice] unknown key 'fr'."),
        (("[layers.schools]", "[layers.school]"), "[layers] unknown key 'school'. Did you mean 'schools'?"),
        (("[layers.schools]", "[layers.school]"), "[layers] `schools` is missing."),
        (('"villages.csv"', '"vilages.csv"'), "vilages.csv. Did you mean 'villages.csv'?"),
        (('crs = "gcj02"', ""), "[layers.schools] `crs` is missing. Write wgs84, cgcs2000, gcj02 (Amap, Tencent)"),
        (('"gcj02"', '"gjc02"'), "[layers.schools] Unknown coordinate system 'gjc02'."),
        (('"gcj02"', '"EPSG:2383"'), "Xian 1980 / 3-degree Gauss-Kruger CM 114E is on the Xi'an 1980 datum"),
        (('"gbk"', '"gkb"'), "[layers.villages] encoding = 'gkb' should be an encoding such as utf-8, gbk or gb18030."),
        (("residents =", "resident ="), "[layers.villages.columns] unknown key 'resident'. Did you mean 'residents'?"),
        (("sheet =", "sheat ="), "[layers.schools] unknown key 'sheat'. Did you mean 'sheet'?"),
        (("sheet =", "place ="), "[layers.schools] unknown key 'place'."),
        (("sheet =", "columns ="), "[layers.schools] columns = '学校' should be a table [layers.schools.columns]."),
        (("[[programme]]", "[[programm]]"), "unknown key 'programm'. Did you mean 'programme'?"),
        (("[[programme]]", "[[programm]]"), "`programme` is missing. Write a [[programme]] with tier and area."),
        (("[[programme]]", "[programme]"), "should be tables [[programme]]."),
        (('tier = "kind', 'tear = "kind'), "[[programme]] 1: `tier` is missing."),
        (('"kindergarten"', '"kindergarden"'), "[[programme]] 1: tier = 'kindergarden' should be one of kindergarten,"),
        (('"rural"', '"village"'), "[[programme]] 1: area = 'village' should be one of rural, urban, city, town, all."),
    ],
)
def test_faults_of_a_study_file(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    study = write(tmp_path)
    before = study.read_text(encoding="utf-8")
    assert change[0] in before
    study.write_text(before.replace(*change), encoding="utf-8")
    assert message in faults(study)


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("[limits]\nsnap_limit_m = 0\n", "[limits] snap_limit_m = 0 should be a number above 0."),
        ("[limits]\nseconds = true\n", "[limits] seconds = True 不对，应为大于 0 的数。"),
        ("[limits]\nsecond = 3\n", "[limits] unknown key 'second'. Did you mean 'seconds'?"),
        ("[goals]\norder = []\n", "[goals] order = [] should be a list of uncovered, over, cost, under, walk"),
        ("[goals]\norder = ['cost', 'cost']\n", "[goals] order = ['cost', 'cost'] should be"),
        ("[goals]\norder = ['cots']\n", "Did you mean 'cost'?"),
        ("[demand]\npupils_per_1000 = { primary = -1 }\n", "primary = -1 should be a number from 0."),
        (
            "[demand]\npupils_per_1000 = { primary = 1001 }\n",
            "primary = 1001 should be pupils per 1000 residents, at most",
        ),
        ("[demand]\npupils_per_1000 = { primry = 60 }\n", "unknown key 'primry'. Did you mean 'primary'?"),
        (PROGRAMME, "2 段 [[programme]] 都是 kindergarten-rural。 请删去重复的，或各写 key。"),
        (PROGRAMME + "cost = { new = -1 }\n", "[[programme]] 2: cost new = -1 should be a number from 0."),
        (PROGRAMME + "assign_limit_m = nan\n", "[[programme]] 2: assign_limit_m = nan should be a number above 0."),
        (PROGRAMME + "large_village = 'third'\n", "large_village = 'third' should be one of larger, second."),
        ("[layers.boundary]\ncrs = 'wgs84'\n", "[layers.boundary] `file` is missing."),
        ("[layers.population]\nfile = 'villages.csv'\n", "[layers.population] `crs` is missing."),
    ],
)
def test_faults_of_added_parts(tmp_path: Path, rest: str, message: str) -> None:
    assert message in faults(write(tmp_path, rest=PROGRAMME + rest))


def test_grids_say_their_own_coordinates(tmp_path: Path) -> None:
    (tmp_path / "people.TIF").touch()
    project = read_project(write(tmp_path, rest=PROGRAMME + "[layers.population]\nfile = 'people.TIF'\n"))
    assert project.layers["population"].crs == ""


def test_every_fault_at_once_and_the_sound_parts_are_kept(tmp_path: Path) -> None:
    study = write(tmp_path, head=HEAD.replace("name", "nmae"), layers=LAYERS.replace("gbk", "gkb"))
    project, found = load_project(study)
    assert len(found) == 3  # unknown key, no name, unknown encoding
    assert project is not None
    assert set(project.layers) == {"schools", "roads"}
    assert project.name == tmp_path.name
    with pytest.raises(InputError) as caught:
        read_project(study)
    assert caught.value.faults == found


def test_not_toml(tmp_path: Path) -> None:
    study = write(tmp_path, head='[study]\nname = "a\\villages"\n')
    project, (fault,) = load_project(study)
    assert project is None
    assert fault.file == "study.toml"
    assert fault.what.zh == '第 2 行 `name = "a\\villages"` 不合 TOML 写法：双引号里有反斜杠“\\”。'
    assert "路径请用 /" in fault.cure.zh


@pytest.mark.parametrize(
    ("line", "zh", "cure"),
    [
        ("rulebook = 定州", "值写得不对，文字须加英文引号", "每行一项"),
        ("rulebook = “dingzhou-2021”", "值写得不对", "有中文标点 “”，请改为英文标点。"),
        ("rulebook ＝ 'a'", "键后面缺少等号", "有中文标点 ＝"),
        ('rulebook = "a', "引号没有闭合", "每行一项"),
        ("[layers.villages", "方括号没有闭合", "每行一项"),
        ('name = "b"', "同一个键写了两次", "每行一项"),
        ("名称 = 'a'", "键名须为英文", "每行一项"),
        ("crs", "键后面缺少等号", "每行一项"),
    ],
)
def test_lines_that_are_no_toml(tmp_path: Path, line: str, zh: str, cure: str) -> None:
    """The third line is at fault, whether or not the parser names it."""
    project, (fault,) = load_project(write(tmp_path, head=f'[study]\nname = "a"\n{line}', layers="", rest=""))
    assert project is None
    assert fault.what.zh.startswith(f"第 3 行 `{line.strip()}` 不合 TOML 写法：{zh}")
    assert cure in fault.cure.zh


def test_not_utf8(tmp_path: Path) -> None:
    study = tmp_path / "study.toml"
    study.write_bytes('[study]\nname = "小县"\n'.encode("gbk"))  # 16 letters; 小 (D0 A1) passes for UTF-8, 县 does not
    assert "不是 UTF-8 编码（第 18 字节）。 请用记事本打开，另存为，编码选 UTF-8。" in faults(study)


def test_no_file(tmp_path: Path) -> None:
    said = faults(tmp_path / "没有.toml")
    assert f"{tmp_path / '没有.toml'}: 无法读取（没有这个文件或文件夹）。" in said


def test_downloads_are_kept_as_graphml(tmp_path: Path) -> None:
    layers = LAYERS.replace('"roads.osm.pbf"', '"roads.graphml"\nplace = "定州市, 河北省"')
    project = read_project(write(tmp_path, layers=layers))
    assert project.layers["roads"].place == "定州市, 河北省"
    wrong = LAYERS.replace('"roads.osm.pbf"', '"roads.osm.pbf"\nplace = "定州市, 河北省"')
    assert "should be a .graphml file, where the download is kept." in faults(write(tmp_path, layers=wrong))
