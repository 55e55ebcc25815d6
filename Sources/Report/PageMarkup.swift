/// What stands on the page before its script fills it: headings, places, and words that do not depend on data.
enum PageMarkup {
  static let text = #"""
    <a class="skip" href="#activity">Skip to the activity</a>
    <header>
      <div class="wide">
        <p class="mark" aria-hidden="true">trailmill</p>
        <h1 id="title">Activity</h1>
        <p id="lead" class="lead"></p>
        <p id="seal" class="seal"></p>
      </div>
    </header>
    <noscript><p class="wide">This report draws its pictures with a script of its own, which is switched off here.
      <code>trailmill report ARCHIVE</code> prints the same figures as text.</p></noscript>
    <section id="filters" class="filters" aria-label="Filters">
      <form id="form" class="wide" autocomplete="off">
        <label>Who<input id="f-actor" list="l-actor" placeholder="anybody"></label>
        <label>Key<input id="f-key" list="l-key" placeholder="any key"></label>
        <label>Action<input id="f-action" list="l-action" placeholder="anything"></label>
        <label>Account<input id="f-account" list="l-account" placeholder="any account"></label>
        <label>From<input id="f-since" type="date"></label>
        <label>To<input id="f-until" type="date"></label>
        <button type="button" id="reset">Clear</button>
        <datalist id="l-actor"></datalist><datalist id="l-key"></datalist>
        <datalist id="l-action"></datalist><datalist id="l-account"></datalist>
      </form>
      <div class="wide chips"><p id="status" role="status" aria-live="polite"></p><ul id="chips" aria-label="Filters in use"></ul></div>
    </section>
    <main>
      <section aria-labelledby="h-activity" id="activity" class="wide" tabindex="-1">
        <div class="head"><h2 id="h-activity">Activity</h2>
          <div class="tools" role="group" aria-label="Zoom">
            <button type="button" id="earlier" aria-label="Earlier">←</button>
            <button type="button" id="later" aria-label="Later">→</button>
            <button type="button" id="in" aria-label="Zoom in">+</button>
            <button type="button" id="out" aria-label="Zoom out">−</button>
            <button type="button" id="all">All</button></div></div>
        <p class="note">Events over time (UTC), by who was behind them. Drag across the picture to look closer.</p>
        <ul id="legend" class="legend" aria-label="Kinds of actor"></ul>
        <div id="chart" class="chart"></div>
        <div id="signals"></div>
        <details class="table"><summary>As a table</summary><div id="chart-table"></div></details>
      </section>
      <div class="wide grid">
        <section aria-labelledby="h-actor"><h2 id="h-actor">Who</h2>
          <p class="note">The person or machine behind each event; beneath it the key that was used, and what the name was taken from.</p><div id="p-actor"></div></section>
        <section aria-labelledby="h-key"><h2 id="h-key">Keys</h2>
          <p class="note">Each API key, what is known of it, and who was behind it.</p><div id="p-key"></div></section>
        <section aria-labelledby="h-action"><h2 id="h-action">What</h2>
          <p class="note">Actions.</p><div id="p-action"></div></section>
        <section aria-labelledby="h-resource"><h2 id="h-resource">To what</h2>
          <p class="note">The resources that were acted on.</p><div id="p-resource"></div></section>
        <section aria-labelledby="h-address"><h2 id="h-address">From where</h2>
          <p class="note" id="n-address">Addresses. <button type="button" id="blocks" aria-pressed="false">Show blocks</button></p><div id="p-address"></div></section>
        <section aria-labelledby="h-account"><h2 id="h-account">Accounts</h2>
          <p class="note">Where it happened.</p><div id="p-account"></div></section>
      </div>
      <section aria-labelledby="h-match" class="wide band"><h2 id="h-match">How well do we know</h2>
        <p class="note">How the claims came to each event, where the name was taken from, and what somebody should know about it.</p>
        <div class="grid three"><div><h3>Match</h3><div id="p-match"></div></div><div><h3>Name taken from</h3><div id="p-from"></div></div><div><h3>Flags</h3><div id="p-flags"></div></div></div></section>
      <section aria-labelledby="h-events" id="events" class="wide"><h2 id="h-events">Events</h2>
        <p class="note" id="n-events"></p>
        <div class="split"><div id="list" class="list" role="listbox" tabindex="0" aria-label="Events, the newest first"><div id="sizer"></div></div>
          <div id="detail" class="detail" role="region" aria-label="The chosen event" tabindex="0"></div></div></section>
      <section aria-labelledby="h-archive" class="wide band"><h2 id="h-archive">The archive</h2>
        <p class="note">What came in, what was turned away, and what proves that nothing was changed since. Filters do not act on this.</p>
        <div class="grid"><div><h3>What came in</h3><div id="p-counts"></div></div><div><h3>Integrity</h3><dl id="p-seal"></dl></div></div>
        <div id="p-notes"></div></section>
    </main>
    <footer class="wide"><p>Made by trailmill from the archive alone. This page loads nothing and sends nothing.</p></footer>

    """#
}
