// Draws one card as Teams does; returns what the renderer and the page say is wrong with it.
({ card, hostConfig }) => {
  const markdown = window.markdownit({ breaks: true });
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdown.render(text);
    result.didProcess = true;
  };
  const shown = new AdaptiveCards.AdaptiveCard();
  shown.hostConfig = new AdaptiveCards.HostConfig(hostConfig);
  const context = new AdaptiveCards.SerializationContext();
  shown.parse(card, context);
  const said = [];
  for (let i = 0; i < context.eventCount; i++) said.push(context.getEventAt(i).message);
  document.body.replaceChildren(shown.render());
  const width = document.documentElement.clientWidth;
  for (const button of document.querySelectorAll("button")) {
    const label = button.querySelector("div, span") ?? button;
    if (label.scrollWidth > label.clientWidth + 1 || button.scrollWidth > button.clientWidth + 1)
      said.push(`cut button: ${button.textContent}`);
    if (button.getBoundingClientRect().right > width) said.push(`outside: ${button.textContent}`);
  }
  if (document.documentElement.scrollWidth > width) said.push("scrolls sideways");
  return said;
}
