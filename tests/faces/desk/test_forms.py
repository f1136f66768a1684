"""How a form draws itself: label, whether it must be filled, help and errors tied to the field; messages say what to do."""

from __future__ import annotations

from django import forms
from django.utils import translation

from tests.faces.components import ESCAPED, EVIL, drawn


class Form(forms.Form):
    """One field of each manner of drawing."""

    name = forms.CharField(label="单位名称", help_text="与营业执照一致", min_length=4)
    kind = forms.ChoiceField(label="意见", choices=[("a", "同意"), ("b", "不同意")], widget=forms.RadioSelect)
    city = forms.ChoiceField(label="所在市", choices=[("x", "石家庄市")], required=False)
    promise = forms.BooleanField(label="承诺属实")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_with_help_ties_it_to_its_control() -> None:
    assert drawn('<c-field :field="form.name" />', form=Form()) == (
        '<div class="field"><label for="id_name">单位名称<span class="must">必填</span></label>'
        '<div class="field-help" id="id_name_helptext">与营业执照一致</div>'
        '<input type="text" name="name" minlength="4" required aria-describedby="id_name_helptext" class="form-control" id="id_name"></div>'
    )


def test_an_error_stands_at_its_field_and_in_the_summary_and_what_was_typed_stays() -> None:
    html = drawn("{{ form }}", form=Form({"name": EVIL[:3], "city": "x"}))
    assert '<section class="error-box" role="alert" tabindex="-1" data-focus><h2>请先处理下列问题</h2>' in html
    assert '<li><a href="#id_name">单位名称</a>：至少填写 4 个字，现有 3 个</li>' in html
    assert '<ul class="errorlist" id="id_name_error"><li>至少填写 4 个字，现有 3 个</li></ul>' in html
    assert 'value="&lt;sc"' in html
    assert 'aria-invalid="true" aria-describedby="id_name_helptext id_name_error"' in html
    assert '<fieldset aria-describedby="id_kind_error"><legend>意见<span class="must">必填</span></legend>' in html
    assert '<li><a href="#id_promise">承诺属实</a>：请填写或者选择此项</li>' in html
    assert html.count("field-wrong") == 3
    assert html.index("error-box") < html.index('for="id_name"')


def test_each_widget_has_the_class_that_the_stylesheet_knows() -> None:
    html = drawn("{{ form }}", form=Form())
    assert 'class="form-select" id="id_city"' in html
    assert (
        '<input type="checkbox" name="promise" required class="form-check-input" id="id_promise"><label for="id_promise">承诺属实</label>'
        in html
    )
    assert '<input type="hidden" name="token" id="id_token">' in html
    assert "error-box" not in html


def test_labels_and_errors_cannot_run() -> None:
    form = Form({"name": "abcd", "kind": EVIL, "promise": "on"})
    form.fields["name"].label = EVIL
    form.fields["name"].help_text = EVIL
    form.add_error(None, EVIL)
    html = drawn("{{ form }}", form=form)
    assert "<script" not in html
    assert html.count(ESCAPED) >= 4


def test_an_english_reader_gets_djangos_own_words() -> None:
    with translation.override("en"):
        assert "This field is required." in drawn("{{ form }}", form=Form({}))
