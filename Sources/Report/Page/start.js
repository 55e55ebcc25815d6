// The beginning: reads the data that is in the page, makes the views, and draws them.

async function start() {
  const data = JSON.parse(byID('data').textContent);
  const columns = await readColumns(data.cube, ['time', 'count', ...Object.keys(data.names)]);
  data.cube.gzip = null;
  const model = new Model(data, columns, refresh);
  const usual = usualTime(model);
  const chart = new Chart(model, usual);
  const signals = new Signals(model, chart, refresh);
  const detail = new Detail(model);
  const events = new EventList(model, (row, found) => detail.show(row, found));
  const views = [new FilterBar(model), chart, signals, new Lists(model, refresh), events];
  new Brush(model, chart);

  function refresh() {
    model.count();
    for (const view of views) view.draw();
  }

  function redrawPictures() {
    chart.draw();
    signals.draw();
  }

  let frame = 0;
  addEventListener('resize', () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      redrawPictures();
      events.drawRows();
    });
  });
  for (const [type, isPrinting] of [['beforeprint', true], ['afterprint', false]]) {
    addEventListener(type, () => {
      chart.isPrinting = isPrinting;
      redrawPictures();
    });
  }
  new ArchiveFacts(model, usual ? usual.far : 0).draw();
  refresh();
  document.documentElement.dataset.ready = '1';
}

start();
