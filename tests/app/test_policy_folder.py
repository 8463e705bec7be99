"""DESKBELL_POLICY as a folder: what is read in it, and a plain sentence for whatever cannot be."""

import pytest

from bot import cli, policy_files
from bot.app import Deskbell
from bot.rules.policy.policy import parse, restore
from bot.settings import Settings, SettingsFault, load_local


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)
    monkeypatch.setenv("DESKBELL_POLICY", "policy")
    (tmp_path / "policy").mkdir()
    return tmp_path / "policy"


@pytest.fixture
def deskbell(folder, capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as end:
            cli.main(list(arguments))
        said = capsys.readouterr()
        return end.value.code, said.out, said.err

    return run


def put(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text)


def refused():
    with pytest.raises(SettingsFault) as fault:
        policy_files.load(load_local().policy)
    return fault.value.sentences


def test_each_file_of_the_folder_is_read_and_nothing_else(folder):
    put(folder, people="[groups.cab]\nusergroup = 'board'", times="warn_at = 80")
    (folder / "notes.txt").write_text("not a policy")
    (folder / ".#times.toml").write_text("an editor's own")
    (folder / "old").mkdir()
    put(folder / "old", times="warn_at = 70")
    policy = policy_files.load(load_local().policy)
    assert (policy.warn_at, policy.group("cab").usergroup) == (80, "board")


def test_a_file_saved_with_a_byte_order_mark_is_read(folder):
    (folder / "times.toml").write_text("warn_at = 80", encoding="utf-8-sig")
    assert policy_files.load(folder).warn_at == 80


def test_a_folder_without_files_is_a_sentence(folder):
    assert refused() == ["policy is a folder without any file whose name ends in .toml."]


def test_every_file_that_cannot_be_read_is_a_sentence(folder):
    put(folder, good="warn_at = 80")
    (folder / "bytes.toml").write_bytes(b"\xff")
    (folder / "inner.toml").mkdir()
    (folder / "lost.toml").symlink_to("nowhere.toml")
    (folder / "ring.toml").symlink_to("ring.toml")
    assert refused() == [
        "policy/bytes.toml is not UTF-8 text; save it as such.",
        "policy/inner.toml is not a file.",
        "policy/lost.toml cannot be read: No such file or directory.",
        "policy/ring.toml cannot be read: Too many levels of symbolic links.",
    ]


def test_a_link_that_leads_out_of_the_folder_is_refused(folder, tmp_path):
    put(tmp_path, elsewhere="warn_at = 80")
    (folder / "times.toml").symlink_to(tmp_path / "elsewhere.toml")
    assert refused() == ["policy/times.toml is a link that leads out of policy; put the file itself there."]


def test_a_folder_as_a_cluster_mounts_it_is_read(folder):
    (folder / "..2026").mkdir()
    put(folder / "..2026", times="warn_at = 80")
    (folder / "..data").symlink_to("..2026")
    (folder / "times.toml").symlink_to("..data/times.toml")
    assert policy_files.load(load_local().policy).warn_at == 80


def test_the_folder_itself_may_be_a_link(folder, tmp_path, monkeypatch):
    put(folder, times="warn_at = 80")
    (tmp_path / "link").symlink_to("policy")
    monkeypatch.setenv("DESKBELL_POLICY", "link")
    assert policy_files.load(load_local().policy).warn_at == 80


def test_policy_check_tells_each_fault_with_its_file_and_line(deskbell, folder):
    put(folder, cab='[cab]\ngroups = ["bord"]', times="\nwarn_at = 0")
    code, out, err = deskbell("policy", "check", "policy")
    first, second, last = err.splitlines()
    assert (code, out, last) == (1, "", "policy: 2 faults.")
    assert first.startswith("cab.toml:2, cab.groups: there is no group “bord”")
    assert second == "times.toml:2, warn_at: must be 1 or more"


def test_policy_check_tells_what_two_files_say(deskbell, folder):
    put(folder, a="warn_at = 80", b="warn_at = 80")
    err = deskbell("policy", "check", "policy")[2]
    assert err.splitlines()[0] == "b.toml:1, warn_at: a.toml:1 says this already; keep it in one of the two"


def test_policy_check_of_a_sound_folder_tells_what_it_changes(deskbell, folder):
    put(folder, services="services.website = false", times="warn_at = 80")
    code, out, _ = deskbell("policy", "check", "policy")
    assert code == 0
    assert "policy is sound" in out
    assert "~ warn_at = 80 (was 75)" in out
    assert "- services.website.name = Website" in out


def test_a_folder_is_one_version_whatever_its_files_are_called(deskbell, folder):
    put(folder, services="services.website = false", times="warn_at = 80")
    assert "Version 1 is in force" in deskbell("policy", "apply", "policy")[1]
    (folder / "times.toml").rename(folder / "a.toml")
    assert "Version 1 says the same" in deskbell("policy", "apply", "policy")[1]
    put(folder, a="warn_at = 85")
    assert "Version 2 is in force" in deskbell("policy", "apply", "policy")[1]
    heading, _, text = deskbell("policy", "show")[1].partition("\n")
    assert heading.startswith("# Version 2")
    assert restore(text) == parse("warn_at = 85\nservices.website = false")


def test_policy_apply_does_not_warn_of_the_folder_that_it_applied(deskbell, folder):
    put(folder, times="warn_at = 80")
    assert "Mind that" not in deskbell("policy", "apply", "policy/")[1]
    assert "DESKBELL_POLICY names policy" in deskbell("policy", "apply", "policy/times.toml")[1]


def test_policy_show_says_which_folder_the_first_start_adopts(deskbell, folder):
    put(folder, times="warn_at = 80")
    assert "the first start adopts policy" in deskbell("policy", "show")[1]


async def test_a_start_puts_the_folder_in_force(folder):
    put(folder, services="services.website = false", times="warn_at = 80")
    bot = Deskbell(Settings(_env_file=None, bot_token="xoxb-not-a-real-token", app_token="xapp-not-a-real-token"))
    try:
        await bot.prepare_storage()
        policy = await bot.policy()
    finally:
        await bot.close()
    assert policy.warn_at == 80
    assert "website" not in policy.services
