'use strict';
(() => {
  const lake = JSON.parse(document.getElementById('data').textContent);
  const TIERS = ['HOT', 'WARM', 'COLD', 'MIXED', 'STALE'];
  const DAY_MS = 86400000;

  // How numbers and times are written.
  const number = value => value === null ? '?' : value.toLocaleString('en', {maximumFractionDigits: 1});
  const percent = value => `${(100 * value).toLocaleString('en', {maximumFractionDigits: 2})} %`;
  const dollars = value => `$${value.toLocaleString('en', {maximumSignificantDigits: 3})}`;
  const day = time => time.slice(0, 10);
  const minute = time => `${time.slice(0, 10)} ${time.slice(11, 16)}`;
  const bytes = value => {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
    let unit = 0;
    let size = Math.abs(value);
    while (size >= 1024 && unit < units.length - 1) {
      size /= 1024;
      unit++;
    }
    return `${value < 0 ? '-' : ''}${size.toLocaleString('en', {maximumSignificantDigits: 3})} ${units[unit]}`;
  };
  const seconds = value => value >= 120 ? `${number(value / 60)} min` : `${number(value)} s`;
  const words = name => name.replaceAll('_', ' ');
  const sum = (rows, value) => rows.reduce((total, row) => total + value(row), 0);
  const groups = (rows, key) => {
    const found = new Map();
    for (const row of rows) {
      const name = key(row);
      if (!found.has(name)) {
        found.set(name, []);
      }
      found.get(name).push(row);
    }
    return found;
  };

  // Elements. Text is only ever set as text.
  const byId = id => document.getElementById(id);
  const element = (name, attributes = {}, ...content) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      made.setAttribute(key, value);
    }
    made.append(...content);
    return made;
  };
  const empty = (...text) => element('p', {class: 'empty'}, ...text);
  const code = text => element('code', {}, text);
  const column = (title, value, kind = '') => ({title, value, kind});
  const table = (caption, columns, rows) => element('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption},
    element('table', {},
      element('caption', {}, caption),
      element('thead', {}, element('tr', {}, ...columns.map(one => element('th', {scope: 'col', class: one.kind}, one.title)))),
      element('tbody', {}, ...rows.map(row => element('tr', {}, ...columns.map(one => {
        const value = one.value(row);
        return element('td', {class: one.kind}, value instanceof Node ? value : String(value ?? ''));
      }))))));
  const MOST_ROWS = 200;
  /** Its rows are made when it is opened: there may be many. */
  const folded = (title, columns, rows) => {
    const details = element('details', {}, element('summary', {}, title));
    details.addEventListener('toggle', () => {
      if (details.open && details.children.length === 1) {
        const caption = rows.length > MOST_ROWS ? `The first ${MOST_ROWS} of ${number(rows.length)}` : title;
        details.append(table(caption, columns, rows.slice(0, MOST_ROWS)));
      }
    });
    return details;
  };
  const tierName = tier => {
    const mark = element('span', {class: 'tier', 'aria-hidden': 'true'});
    mark.style.background = `var(--${tier.toLowerCase()})`;
    return element('span', {}, mark, tier.toLowerCase());
  };

  // Charts. They are drawn anew where the colours change, and in all widths.
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const drawn = new Map();
  const redraws = new Map();
  const chart = (id, label, options) => {
    const place = byId(id);
    place.setAttribute('role', 'img');
    place.setAttribute('aria-label', label);
    const draw = () => {
      drawn.get(id)?.dispose();
      const made = echarts.init(place);
      made.setOption({
        animation: false,
        textStyle: {color: colour('text'), fontFamily: 'system-ui, sans-serif'},
        grid: {left: 16, right: 28, top: 40, bottom: 8, containLabel: true},
        ...options(),
      });
      drawn.set(id, made);
    };
    redraws.set(id, draw);
    draw();
  };
  const tooltip = more => ({
    renderMode: 'richText',
    confine: true,
    backgroundColor: colour('panel'),
    borderColor: colour('line'),
    textStyle: {color: colour('text'), fontSize: 13},
    ...more,
  });
  const legend = more => ({type: 'scroll', top: 4, left: 0, textStyle: {color: colour('text')}, pageTextStyle: {color: colour('text')}, ...more});
  const axis = more => ({
    axisLine: {lineStyle: {color: colour('line')}},
    axisLabel: {color: colour('quiet'), hideOverlap: true},
    splitLine: {lineStyle: {color: colour('line'), opacity: 0.5}},
    ...more,
  });
  const narrow = () => window.innerWidth < 600;

  // What is known of partitions.
  const partitions = lake.partitions.map(([dataset, value, tier, size, rows, accesses]) => ({
    dataset: lake.datasets[dataset],
    name: lake.datasets[dataset] + (value ? `/${value}` : ''),
    month: value.startsWith('month=') ? value.slice(6) : null,
    tier, size, rows, accesses,
  }));
  const moves = lake.moves.map(([at, partition, from, to, state, size, reason, error]) => ({at, partition, from, to, state, size, reason, error}));
  const imports = lake.imports.map(([at, id, status, read, accepted, duplicates, quarantined, size]) => ({at, id, status, read, accepted, duplicates, quarantined, size}));
  const done = moves.filter(move => move.state === 'done');

  const glance = () => {
    byId('about').textContent = `${lake.lake}, at ${minute(lake.at)} UTC. What happened is told since ${day(lake.since)}.`;
    document.title = `Lake report, ${day(lake.at)}`;
    const rows = partitions.some(partition => partition.rows === null) ? null : sum(partitions, partition => partition.rows);
    const latest = [...groups(lake.scores, score => score.dataset).values()].map(scores => scores[scores.length - 1]);
    const cards = [
      ['rows in all tables', rows === null ? `over ${number(sum(partitions, partition => partition.rows ?? 0))}` : number(rows)],
      ['in Delta tables', bytes(sum(partitions, partition => partition.size))],
      ['partitions', number(partitions.length)],
      ...TIERS.map(tier => [`${tier.toLowerCase()} partitions`, partitions.filter(partition => partition.tier === tier).length])
        .filter(([, count]) => count > 0).map(([name, count]) => [name, number(count)]),
      ['last import', imports.length ? day(imports[0].at) : 'none'],
      ['mean quality', latest.length ? percent(sum(latest, score => score.score) / latest.length) : 'not measured'],
      ['a month, storage and reads', dollars(sum(lake.costs, cost => cost.storage_dollars + cost.access_dollars))],
      ['intact audit entries', number(lake.audit.entries)],
    ];
    byId('cards').append(...cards.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))));

    const attention = byId('attention');
    attention.append(element('h3', {}, 'What to look at'));
    const items = lake.attention.map(item => {
      const isBroken = item.severity === 'BROKEN';
      return element('li', {},
        element('span', {class: isBroken ? 'broken' : 'warning'}, isBroken ? 'Broken: ' : 'Warning: '),
        `${item.text} `, element('a', {href: `#${item.section}`}, 'more'));
    });
    items.push(...lake.problems.map(problem => element('li', {}, element('span', {class: 'warning'}, 'Not known: '), element('pre', {}, problem))));
    attention.append(items.length ? element('ul', {}, ...items) : element('p', {}, 'Nothing. Nobody has to do anything.'));
  };

  const tiers = () => {
    const inMonths = partitions.filter(partition => partition.month !== null);
    const datasets = [...new Set(inMonths.map(partition => partition.dataset))].sort().reverse();
    const months = [...new Set(inMonths.map(partition => partition.month))].sort();
    const rows = [...groups(partitions, partition => partition.dataset)].map(([dataset, all]) => ({dataset, all}));
    byId('tier-tables').append(folded('Tiers of each table, as a table', [
      column('Table', row => row.dataset),
      ...TIERS.map(tier => column(tier.toLowerCase(), row => number(row.all.filter(partition => partition.tier === tier).length), 'number')),
      column('Size', row => bytes(sum(row.all, partition => partition.size)), 'number'),
      column('Accesses', row => number(sum(row.all, partition => partition.accesses)), 'number'),
    ], rows));

    const find = () => {
      const text = byId('find').value.trim().toLowerCase();
      const found = text ? partitions.filter(partition => partition.name.toLowerCase().includes(text)) : [];
      byId('found').replaceChildren(...(text === '' ? [] : found.length === 0 ? [empty('There is no such partition.')] : [
        table(`${number(found.length)} found${found.length > 50 ? ', these are the first 50' : ''}`, [
          column('Partition', partition => partition.name),
          column('Tier', partition => tierName(partition.tier)),
          column('Rows', partition => number(partition.rows), 'number'),
          column('Size', partition => bytes(partition.size), 'number'),
          column('Accesses in 30 days', partition => number(partition.accesses), 'number'),
          column('Last move', partition => {
            const last = done.find(move => move.partition === partition.name);
            return last ? `${day(last.at)}, ${last.from.toLowerCase()} to ${last.to.toLowerCase()}: ${last.reason}` : '';
          }, 'text'),
        ], found.slice(0, 50)),
      ]));
    };
    byId('find').addEventListener('input', find);
    byId('find-form').addEventListener('submit', event => { event.preventDefault(); find(); });

    if (inMonths.length === 0) {
      byId('tier-chart').replaceWith(empty('No table has months yet; ', code('lake ingest EXPORT --user NAME'), ' makes them.'));
      return;
    }
    const rowOf = new Map(datasets.map((dataset, index) => [dataset, index]));
    const columnOf = new Map(months.map((month, index) => [month, index]));
    const most = Math.log1p(Math.max(1, ...inMonths.map(partition => partition.accesses)));
    byId('tier-chart').style.height = `${110 + Math.max(4, datasets.length) * 26}px`;

    const days = [...new Set(done.map(move => day(move.at)))].sort();
    // A demonstration moves in a time to come.
    const last = [day(lake.at), ...days].sort().at(-1);
    if (days.length > 0) {
      // The day before the first move, each day with moves, and now.
      days.unshift(new Date(Date.parse(days[0]) - DAY_MS).toISOString().slice(0, 10));
      if (days[days.length - 1] !== last) {
        days.push(last);
      }
      byId('as-of-control').hidden = false;
      byId('as-of').max = days.length - 1;
      byId('as-of').value = days.length - 1;
    }
    /** What is now, with the moves undone that came after a day. */
    const tiersAt = end => {
      const then = new Map(inMonths.map(partition => [partition.name, partition.tier]));
      for (const move of done) {
        if (day(move.at) <= end) {
          break;
        }
        if (then.has(move.partition)) {
          then.set(move.partition, move.from);
        }
      }
      return then;
    };
    const series = end => {
      const then = tiersAt(end);
      return TIERS.map(tier => ({
        name: tier.toLowerCase(),
        type: 'custom',
        itemStyle: {color: colour(tier.toLowerCase())},
        encode: {x: 0, y: 1},
        progressive: 0,
        clip: true,
        data: inMonths.filter(partition => then.get(partition.name) === tier).map(partition => ({
          value: [columnOf.get(partition.month), rowOf.get(partition.dataset), 0.4 + 0.6 * Math.log1p(partition.accesses) / most],
          partition,
        })),
        renderItem: (params, api) => {
          const [x, y] = api.coord([api.value(0), api.value(1)]);
          const [width, height] = api.size([1, 1]);
          const gap = width > 4 ? 1 : 0;
          return {
            type: 'rect',
            shape: {x: x - width / 2, y: y - height / 2 + 1, width: Math.max(1, width - gap), height: height - 2},
            style: {fill: colour(tier.toLowerCase()), opacity: api.value(2)},
          };
        },
      }));
    };
    let shown = last;
    const counts = end => {
      const all = [...tiersAt(end).values()];
      return TIERS.map(tier => `${all.filter(one => one === tier).length} ${tier.toLowerCase()}`).join(', ');
    };
    const mostMonths = narrow() ? 36 : 240;
    const label = () => `Map of ${number(inMonths.length)} partitions of ${datasets.length} tables over ${months.length} months: ${counts(shown)}. The table below tells it by table, and single ones can be found.`;
    chart('tier-chart', label(), () => ({
      legend: legend(),
      grid: {left: 16, right: 28, top: 40, bottom: months.length > mostMonths ? 50 : 8, containLabel: true},
      tooltip: tooltip({formatter: ({data: {partition}, seriesName}) =>
        `${partition.name}\n${seriesName}, ${bytes(partition.size)}, ${number(partition.rows)} rows\n${number(partition.accesses)} accesses in 30 days`}),
      xAxis: axis({type: 'category', data: months, splitLine: {show: false}}),
      yAxis: axis({type: 'category', data: datasets, splitLine: {show: false}, axisLabel: {
        color: colour('quiet'),
        interval: 0,
        // A phone has no room for the schema.
        formatter: dataset => narrow() ? dataset.slice(dataset.indexOf('.') + 1) : dataset,
      }}),
      dataZoom: months.length > mostMonths ? [
        {type: 'slider', startValue: months.length - mostMonths, endValue: months.length - 1, height: 22, bottom: 8, textStyle: {color: colour('quiet')}, brushSelect: false},
        {type: 'inside', zoomOnMouseWheel: 'ctrl'},
      ] : [],
      series: series(shown),
    }));
    const showDay = () => {
      shown = days[Number(byId('as-of').value)] ?? last;
      byId('as-of-day').textContent = shown === last ? `${shown} (now)` : shown;
      byId('as-of').setAttribute('aria-valuetext', `${shown}: ${counts(shown)}`);
      byId('tier-chart').setAttribute('aria-label', label());
      drawn.get('tier-chart').setOption({series: series(shown)});
    };
    if (days.length > 0) {
      byId('as-of-day').textContent = `${last} (now)`;
      byId('as-of').setAttribute('aria-valuetext', `${last}: ${counts(last)}`);
      byId('as-of').addEventListener('input', showDay);
    }
  };

  /** Bars by day, one stack; the day's name is the category, so that days without any take no room where there are few. */
  const stackedDays = (rows, parts, format) => {
    const byDay = groups(rows, row => day(row.at));
    const days = [...byDay.keys()].sort();
    return {
      legend: legend(),
      tooltip: tooltip({trigger: 'axis', valueFormatter: format}),
      xAxis: axis({type: 'category', data: days}),
      yAxis: axis({type: 'value', axisLabel: {color: colour('quiet'), formatter: format}}),
      series: parts.map(part => ({
        name: part.name,
        type: 'bar',
        stack: 'all',
        barMaxWidth: 32,
        itemStyle: {color: colour(part.colour)},
        data: days.map(one => sum(byDay.get(one), part.value)),
      })),
    };
  };

  const showMoves = () => {
    if (moves.length === 0) {
      byId('move-tables').append(empty('No partition was moved; ', code('lake tier apply'), ' moves what heat asks for.'));
      return;
    }
    const COLOURS = {HOT: 'hot', WARM: 'warm', COLD: 'cold'};
    const ways = [...new Set(done.map(move => `${move.from} ${move.to}`))].sort();
    if (ways.length > 0) {
      chart('move-chart', `Moves by day: ${ways.map(way => `${number(done.filter(move => `${move.from} ${move.to}` === way).length)} ${way.toLowerCase().replace(' ', ' to ')}`).join(', ')}`,
        () => stackedDays(done, ways.map((way, index) => ({
          name: way.toLowerCase().replace(' ', ' to '),
          // Two ways into one tier are told apart by the second one's colour.
          colour: ways.findIndex(other => other.split(' ')[1] === way.split(' ')[1]) === index ? COLOURS[way.split(' ')[1]] ?? 'mixed' : 'mixed',
          value: move => `${move.from} ${move.to}` === way ? 1 : 0,
        })), number));
    }
    const reasons = [...groups(moves, move => `${move.from} ${move.to} ${move.state}`)].map(([, all]) => all);
    byId('move-tables').append(
      table(lake.all_moves ? 'All moves' : 'The newest 20,000 moves', [
        column('Way', all => `${all[0].from.toLowerCase()} to ${all[0].to.toLowerCase()}`),
        column('State', all => all[0].state),
        column('Moves', all => number(all.length), 'number'),
        column('Size', all => bytes(sum(all, move => move.size)), 'number'),
        column('Newest reason', all => all[0].reason, 'text'),
      ], reasons),
      folded('Single moves and their reasons', [
        column('When', move => minute(move.at)),
        column('Partition', move => move.partition),
        column('Way', move => `${move.from.toLowerCase()} to ${move.to.toLowerCase()}`),
        column('State', move => move.state),
        column('Size', move => bytes(move.size), 'number'),
        column('Reason', move => move.error ? `${move.reason}; ${move.error}` : move.reason, 'text'),
      ], moves));
  };

  const ingest = () => {
    const tables = byId('ingest-tables');
    if (imports.length === 0) {
      tables.append(empty('Nothing came in; ', code('lake ingest EXPORT --user NAME'), ' takes an export.'));
    } else {
      chart('ingest-chart', `Records by day: ${number(sum(imports, one => one.read))} read, ${number(sum(imports, one => one.accepted))} accepted, ${number(sum(imports, one => one.duplicates))} duplicates, ${number(sum(imports, one => one.quarantined))} quarantined`,
        () => stackedDays(imports, [
          {name: 'accepted', colour: 'warm', value: one => one.accepted},
          {name: 'duplicates', colour: 'stale', value: one => one.duplicates},
          {name: 'quarantined', colour: 'hot', value: one => one.quarantined},
        ], number));
      tables.append(folded('Imports, as a table', [
        column('Begun', one => minute(one.at)),
        column('Import', one => one.id),
        column('Status', one => one.status),
        column('Read', one => number(one.read), 'number'),
        column('Accepted', one => number(one.accepted), 'number'),
        column('Duplicates', one => number(one.duplicates), 'number'),
        column('Quarantined', one => number(one.quarantined), 'number'),
        column('Size', one => bytes(one.size), 'number'),
      ], imports));
    }
    tables.append(element('h3', {}, 'Quarantine'), lake.quarantine.length === 0 ? empty('Nothing is in quarantine.') : table('Records that could not become rows, by reason', [
      column('Check', one => one.check),
      column('State', one => one.state),
      column('Records', one => number(one.records), 'number'),
      column('Open since', one => one.open_since ? minute(one.open_since) : ''),
      column('One of the reasons', one => one.example, 'text'),
    ], lake.quarantine));
  };

  const PALETTE = ['cold', 'hot', 'warm', 'mixed', 'stale', 'accent', 'warning', 'broken'];
  const quality = () => {
    const tables = byId('quality-tables');
    if (lake.checks.length === 0) {
      tables.append(empty('Quality was not measured yet; ', code('lake analytics quality'), ' does.'));
      return;
    }
    const byDataset = [...groups(lake.scores, score => score.dataset)];
    if (byDataset.length > 0) {
      chart('quality-chart', `Share of good rows over time: ${byDataset.map(([dataset, scores]) => `${dataset} ${percent(scores[scores.length - 1].score)}`).join(', ')}`, () => ({
        legend: legend(),
        tooltip: tooltip({trigger: 'axis', valueFormatter: percent}),
        xAxis: axis({type: 'category', data: [...new Set(lake.scores.map(score => minute(score.at)))].sort()}),
        yAxis: axis({type: 'value', max: 1, min: range => Math.max(0, Math.floor(10 * range.min - 0.5) / 10), axisLabel: {color: colour('quiet'), formatter: percent}}),
        series: byDataset.map(([dataset, scores], index) => ({
          name: dataset,
          type: 'line',
          symbolSize: 6,
          itemStyle: {color: colour(PALETTE[index % PALETTE.length])},
          lineStyle: {type: index < PALETTE.length ? 'solid' : 'dashed'},
          connectNulls: true,
          data: scores.map(score => [minute(score.at), score.score]),
        })),
      }));
    }
    const columns = [
      column('Table', check => check.dataset),
      column('Rule', check => check.rule, 'code'),
      column('Kind', check => check.check_type),
      column('Score', check => percent(check.score), 'number'),
      column('Rows that fail', check => check.failing === null ? '' : number(check.failing), 'number'),
      column('Besides', check => check.detail, 'text'),
    ];
    const failing = lake.checks.filter(check => !check.passed);
    tables.append(
      failing.length === 0 ? element('p', {}, `All ${number(lake.checks.length)} rules hold.`) : table('Rules that do not hold', columns, failing),
      folded('All rules', [column('Holds', check => check.passed ? 'yes' : 'no'), ...columns], lake.checks));
  };

  const capacity = () => {
    const tables = byId('capacity-tables');
    const names = [...new Set([...lake.sizes, ...lake.expected].map(size => `${size.subject} ${size.name}`))];
    if (names.length === 0) {
      tables.append(empty('Nothing was measured yet; ', code('lake analytics forecast'), ' does.'));
      return;
    }
    byId('subject-control').hidden = false;
    byId('subject').append(...names.map(name => element('option', {}, name)));
    const sizes = groups(lake.sizes, size => `${size.subject} ${size.name}`);
    const expected = groups(lake.expected, size => `${size.subject} ${size.name}`);
    const show = () => {
      const name = byId('subject').value;
      const past = sizes.get(name) ?? [];
      const ahead = expected.get(name) ?? [];
      const end = ahead[ahead.length - 1];
      const room = end?.capacity ?? null;
      chart('capacity-chart', `${name}: ${past.length ? bytes(past[past.length - 1].bytes) : 'not measured'} now${end ? `, ${bytes(end.bytes)} expected on ${end.day}, with 95 % between ${bytes(end.low)} and ${bytes(end.high)}` : ''}${room ? `, room for ${bytes(room)}` : ''}`, () => ({
        legend: legend({data: ['measured', 'expected', '95 % of cases', ...(room ? ['room'] : [])]}),
        tooltip: tooltip({
          trigger: 'axis',
          formatter: points => {
            const date = points[0].axisValueLabel;
            const measured = past.find(size => size.day === date);
            const step = ahead.find(size => size.day === date);
            return [date, ...(measured ? [`measured ${bytes(measured.bytes)}`] : []), ...(step ? [`expected ${bytes(step.bytes)}`, `between ${bytes(step.low)} and ${bytes(step.high)}`] : [])].join('\n');
          },
        }),
        xAxis: axis({type: 'category', data: [...new Set([...past, ...ahead].map(size => size.day))]}),
        yAxis: axis({type: 'value', min: 0, axisLabel: {color: colour('quiet'), formatter: bytes}}),
        series: [
          {name: 'measured', type: 'line', showSymbol: past.length < 3, itemStyle: {color: colour('text')}, data: past.map(size => [size.day, size.bytes])},
          {name: 'expected', type: 'line', showSymbol: false, lineStyle: {type: 'dashed'}, itemStyle: {color: colour('cold')}, data: ahead.map(size => [size.day, size.bytes])},
          {name: 'low', type: 'line', stack: 'band', showSymbol: false, lineStyle: {opacity: 0}, itemStyle: {color: colour('cold')}, data: ahead.map(size => [size.day, Math.max(0, size.low)])},
          {name: '95 % of cases', type: 'line', stack: 'band', showSymbol: false, lineStyle: {opacity: 0}, areaStyle: {color: colour('band'), opacity: 1}, itemStyle: {color: colour('cold'), opacity: 0.4}, data: ahead.map(size => [size.day, size.high - Math.max(0, size.low)])},
          ...(room ? [{name: 'room', type: 'line', showSymbol: false, itemStyle: {color: colour('broken')}, lineStyle: {width: 1}, data: [...past, ...ahead].map(size => [size.day, room])}] : []),
        ],
      }));
    };
    byId('subject').addEventListener('change', show);
    show();
    tables.append(table('What is expected', [
      column('Size of', name => name),
      column('Now', name => sizes.has(name) ? bytes(sizes.get(name).at(-1).bytes) : '', 'number'),
      column('In six months', name => expected.has(name) ? bytes(expected.get(name).at(-1).bytes) : 'not known yet', 'number'),
      column('95 % of cases', name => expected.has(name) ? `${bytes(expected.get(name).at(-1).low)} to ${bytes(expected.get(name).at(-1).high)}` : '', 'number'),
      column('Room for', name => expected.get(name)?.at(-1).capacity ? bytes(expected.get(name).at(-1).capacity) : '', 'number'),
      column('Full on', name => {
        const steps = expected.get(name) ?? [];
        const full = steps.find(step => step.capacity !== null && step.bytes > step.capacity);
        return full ? full.day : steps.length && steps[0].capacity !== null ? 'later' : '';
      }),
    ], names));
  };

  const cost = () => {
    const total = value => dollars(sum(lake.costs, value));
    chart('cost-chart', `Dollars a month: ${lake.costs.map(one => `${one.tier.toLowerCase()} ${dollars(one.storage_dollars + one.access_dollars)}`).join(', ')}`, () => ({
      legend: legend(),
      tooltip: tooltip({trigger: 'axis', valueFormatter: dollars}),
      xAxis: axis({type: 'value', axisLabel: {color: colour('quiet'), formatter: dollars, hideOverlap: true}}),
      yAxis: axis({type: 'category', inverse: true, data: lake.costs.map(one => one.tier.toLowerCase())}),
      series: [
        {name: 'storage', type: 'bar', stack: 'all', barMaxWidth: 32, itemStyle: {color: colour('cold')}, data: lake.costs.map(one => one.storage_dollars)},
        {name: 'accesses', type: 'bar', stack: 'all', barMaxWidth: 32, itemStyle: {color: colour('hot')}, data: lake.costs.map(one => one.access_dollars)},
      ],
    }));
    byId('cost-chart').style.height = '14rem';
    drawn.get('cost-chart').resize();
    byId('cost-tables').append(table(`${total(one => one.storage_dollars)} for storage and ${total(one => one.access_dollars)} for accesses`, [
      column('Tier', one => tierName(one.tier)),
      column('Answers for partitions', one => number(one.partitions), 'number'),
      column('Size', one => bytes(one.bytes), 'number'),
      column('Accesses in 30 days', one => number(one.accesses), 'number'),
      column('Storage a month', one => dollars(one.storage_dollars), 'number'),
      column('Accesses', one => dollars(one.access_dollars), 'number'),
    ], lake.costs));
  };

  const queries = () => {
    const place = byId('query-tables');
    if (lake.queries.slow.length === 0) {
      place.append(empty(lake.queries.unknown_because ? `${lake.queries.unknown_because}.` : 'No query takes longer than a second on average.'));
      return;
    }
    place.append(table('Queries that take longer than a second on average, without their values', [
      column('Query', query => query.query, 'code'),
      column('Calls', query => number(query.calls), 'number'),
      column('Mean', query => seconds(query.mean_ms / 1000), 'number'),
      column('Longest', query => seconds(query.max_ms / 1000), 'number'),
      column('All together', query => seconds(query.total_ms / 1000), 'number'),
      column('Found in memory', query => query.cache_hit_ratio === null ? '' : percent(query.cache_hit_ratio), 'number'),
    ], lake.queries.slow));
  };

  const advice = () => {
    const place = byId('advice-tables');
    const tuning = lake.tuning;
    const amount = (measure, value) => measure === 'bytes' ? bytes(value) : number(Math.round(value));
    if (tuning.at === null) {
      place.append(empty('Nobody has asked yet; ', code('lake doctor --advise'), ' looks for what could be better, and tries it.'));
    } else if (tuning.advice.length === 0) {
      place.append(empty(`Nothing was found worth a change at ${minute(tuning.at)}.`));
    } else {
      place.append(table(`What was tried and found worth it at ${minute(tuning.at)}`, [
        column('What', one => words(one.kind)),
        column('Where', one => one.subject),
        column('Seen', one => one.evidence, 'text'),
        column('Measured', one => words(one.measure)),
        column('Before', one => amount(one.measure, one.before), 'number'),
        column('After', one => amount(one.measure, one.after), 'number'),
        column('Of', one => one.measured_on, 'text'),
        column('Do', one => one.statement, 'code'),
      ], tuning.advice));
    }
  };

  const upkeep = () => {
    const place = byId('upkeep-tables');
    place.append(lake.upkeep.length === 0 ? empty('Nothing had to be done yet; ', code('lake maintain run'), ' does what is due.') : table('What tasks changed when they last did', [
      column('Task', one => one.task),
      column('When', one => minute(one.at)),
      column('What', one => words(one.figure)),
      column('Of', one => number(one.subjects), 'number'),
      column('Before', one => one.figure.includes('bytes') ? bytes(one.before) : number(one.before), 'number'),
      column('After', one => one.figure.includes('bytes') ? bytes(one.after) : number(one.after), 'number'),
    ], lake.upkeep));
    const drill = lake.drill;
    place.append(element('h3', {}, 'Restore drill'), drill === null
      ? empty('None was held yet; ', code('lake backup drill'), ' holds one.')
      : element('p', {}, `${minute(drill.at)}: ${drill.passed ? 'passed' : 'not passed'}, ${seconds(drill.seconds)} of ${seconds(drill.allowed_seconds)} allowed. ${drill.findings}`));
  };

  const compliance = () => {
    const place = byId('compliance-tables');
    if (lake.compliance.length === 0) {
      place.append(empty('None was reported yet; ', code('lake analytics compliance'), ' does.'));
      return;
    }
    const columns = [
      column('Section', one => one.section),
      column('Subject', one => one.subject),
      column('What', one => words(one.measure)),
      column('Value', one => one.value === null ? '' : one.measure.includes('bytes') ? bytes(one.value) : number(one.value), 'number'),
      column('Besides', one => one.detail, 'text'),
    ];
    const findings = lake.compliance.filter(one => one.is_finding);
    place.append(
      element('p', {}, `As of ${minute(lake.compliance[0].at)} UTC.`),
      findings.length === 0 ? element('p', {}, 'Nobody has to do anything.') : table('What wants somebody', columns, findings),
      folded('The whole report', columns, lake.compliance));
  };

  const audit = () => {
    const {entries, root, signed_entries: signed, copies, note, verifier, leaf_hash: leaf, path, damages} = lake.audit;
    const place = byId('audit-tables');
    if (entries === 0 && damages.length === 0) {
      place.append(empty('The audit log has no entry yet.'));
      return;
    }
    place.append(damages.length === 0
      ? element('p', {}, `All ${number(entries)} entries are intact; ${number(signed)} of them are signed, and lie in ${number(copies)} ${copies === 1 ? 'place' : 'places'}. The root of the tree over all is `, code(root), '.')
      : element('ul', {}, ...damages.map(damage => element('li', {class: 'broken'}, damage))));
    if (note) {
      place.append(
        element('h3', {}, 'Signed head'), element('pre', {}, note),
        element('h3', {}, 'Public key that checks it'), element('pre', {}, verifier),
        element('details', {}, element('summary', {}, `Proof that entry ${number(signed - 1)} stands in it`),
          element('p', {}, 'The hash of the entry, and those that lead from it to the root; ', code(`lake archive audit --prove ${signed - 1}`), ' prints the entry, too.'),
          element('pre', {}, [leaf, ...path].join('\n'))));
    }
  };

  const parts = [glance, tiers, showMoves, ingest, quality, capacity, cost, queries, advice, upkeep, compliance, audit];
  parts.shift()();
  // The summary is painted before anything is drawn.
  requestAnimationFrame(() => setTimeout(() => {
    parts.forEach(part => part());
    document.documentElement.dataset.ready = 'true';
  }, 0));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => redraws.forEach(draw => draw()));
  let waiting = 0;
  window.addEventListener('resize', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => drawn.forEach(made => made.resize()), 100);
  });
})();
