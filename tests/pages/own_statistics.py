"""What the tests of Mål, Hushåll and Medarbetarenkät share: reading a drawn page and filling it in."""


def shown(at):
    """Return everything that a page says, as one text; raises if it drew an exception."""
    assert not at.exception, [error.message for error in at.exception]
    parts = [*at.markdown, *at.info, *at.warning, *at.error, *at.caption, *at.subheader, *at.title]
    texts = [part.value for part in parts]
    texts += [f"{metric.label}: {metric.value}" for metric in at.metric]
    texts += [html.proto.body for html in at.get("html")]
    return "\n".join(texts)


def field(elements, label):
    """Return the only input with a label."""
    found = [element for element in elements if element.label == label]
    assert len(found) == 1, (label, [element.label for element in elements])
    return found[0]


def press(at, label):
    """Press a button and run the page."""
    return field(at.button, label).click().run()
