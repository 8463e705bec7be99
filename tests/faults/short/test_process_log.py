"""What a bot's process leaves behind for the judge."""

from pathlib import Path

from checks import process_log
from checks.process_log import Diary


def test_a_line_within_which_its_writer_was_killed_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "bot0-1.diary"
    Diary(path).write(ready=True)
    with path.open("a") as file:
        file.write('{"leased": "#team-3", "fence": 1')
    Diary(tmp_path / "bot0-2.diary").write(closed=True)
    found = [{name: said for name, said in line.items() if name != "at"} for line in process_log.read(tmp_path)]
    assert found == [{"ready": True, "by": "bot0-1"}, {"closed": True, "by": "bot0-2"}]
