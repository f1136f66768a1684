"""What goes out to people is data too; and a pack pinned before there were messages keeps its digest."""

import hashlib
import json
from pathlib import Path

import pytest
import rfc8785
from django.conf import settings

from zhiheng.foundation.packs.loader import load_pack
from zhiheng.rules.pack import Pack
from zhiheng.rules.placeholders import SHORT_MOST

HEBEI = settings.RULEPACKS_DIR / "hebei-2022"


@pytest.mark.duty("A1")
def test_a_pack_pinned_before_there_were_messages_keeps_its_digest(small: Path) -> None:
    (small / "messages.yaml").unlink()
    pack = load_pack(small)
    content = json.loads(pack.canonical())
    assert "messages" not in content
    assert Pack.model_validate(content).digest == pack.digest
    assert pack.digest == hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def test_the_messages_are_part_of_what_is_pinned(small: Path) -> None:
    with_messages = load_pack(small)
    again = Pack.model_validate(json.loads(with_messages.canonical()))
    assert again == with_messages
    assert again.digest == with_messages.digest
    assert with_messages.message("sms") is not None
    assert with_messages.message("wecom") is None
    (small / "messages.yaml").unlink()
    assert load_pack(small).digest != with_messages.digest


def test_hebei_has_a_text_for_each_way() -> None:
    pack = load_pack(HEBEI)
    assert [message.kind for message in pack.messages] == ["once", "digest", "sms", "wecom"]
    short = pack.message("sms")
    assert short is not None
    written = short.body.replace("{award}", pack.award_name).replace("{count}", "999")
    assert written == "【河北省政府质量奖】您有999条消息，请登录评审工作平台查看办理。"
    assert len(written) <= SHORT_MOST
