/// How the page looks: one measure of space, two weights of type, colour only where it says something.
enum PageStyle {
  static let text = #"""
    :root{color-scheme:light dark;--paper:#fbfaf7;--card:#fff;--ink:#1d2129;--soft:#5c6370;--line:#e4e1da;--hair:#efede7;
     --accent:#2f5d8c;--bar:#dfe7ef;--good:#2c7a4b;--bad:#b3372f;
     --k1:#2b5c86;--k2:#c9731a;--k3:#3f9c8a;--k4:#857f75;--sig:#b3372f;--shade:rgba(47,93,140,.14);--edge:#8c8a84}
    @media (prefers-color-scheme:dark){:root{--paper:#14161a;--card:#1b1e24;--ink:#e8e6e1;--soft:#9aa1ad;--line:#2d323b;--hair:#242931;
     --accent:#8db8e2;--bar:#27384a;--good:#6cc08b;--bad:#ef8279;
     --edge:#6f7682;--k1:#6fa3d3;--k2:#f0b26b;--k3:#3d8f7d;--k4:#a7a9ae;--sig:#ef8279;--shade:rgba(141,184,226,.18)}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;scroll-padding-top:8rem}
    body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
    .wide{max-width:76rem;margin-left:auto;margin-right:auto;padding:0 2rem}
    .skip{position:absolute;left:-99rem;background:var(--card);padding:.5rem 1rem;z-index:9}.skip:focus{left:1rem;top:1rem}
    header{padding:2.6rem 0 1.4rem}
    .mark{margin:0;color:var(--soft);font-size:.8rem;letter-spacing:.14em;text-transform:uppercase}
    h1{font-weight:600;font-size:2.1rem;line-height:1.2;letter-spacing:-.02em;margin:.3rem 0 .2rem;overflow-wrap:anywhere}
    h2{font-weight:600;font-size:1.15rem;letter-spacing:-.01em;margin:0}
    h3{font-weight:600;font-size:.85rem;color:var(--soft);margin:.2rem 0 .5rem}
    .lead{margin:0;color:var(--soft);max-width:56rem;font-size:1.05rem}.lead b{color:var(--ink);font-weight:600}
    .seal{margin:.9rem 0 0;font-size:.85rem;color:var(--soft)}.seal b{font-weight:600}
    .seal::before{content:"";display:inline-block;width:.55rem;height:.55rem;border-radius:50%;background:var(--k4);margin-right:.5rem}
    .seal.good::before{background:var(--good)}.seal.bad::before{background:var(--bad)}
    .note{margin:.1rem 0 .8rem;color:var(--soft);font-size:.85rem}
    .filters{position:sticky;top:0;z-index:5;background:var(--paper);border-bottom:1px solid var(--line);padding:.7rem 0 .5rem}
    .filters form{display:grid;grid-template-columns:repeat(4,minmax(7rem,1fr)) auto auto auto;gap:.7rem;align-items:end}
    label{display:block;font-size:.75rem;color:var(--soft)}
    input{display:block;width:100%;height:2.1rem;margin-top:.15rem;padding:0 .6rem;font:inherit;font-size:.875rem;color:var(--ink);background:var(--card);border:1px solid var(--edge);border-radius:6px}
    input::placeholder{color:var(--soft);opacity:1}
    button{font:inherit;font-size:.85rem;color:var(--ink);background:var(--card);border:1px solid var(--edge);border-radius:6px;height:2.1rem;padding:0 .8rem;cursor:pointer}
    button:hover{border-color:var(--soft)}
    :focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
    .chips{display:flex;flex-wrap:wrap;gap:.2rem .8rem;align-items:center;padding-top:.45rem;min-height:1.9rem}
    #status{margin:0;font-size:.85rem;color:var(--soft)}#status b{color:var(--ink);font-weight:600}
    .chips ul{display:flex;flex-wrap:wrap;gap:.4rem;list-style:none;margin:0;padding:0}
    .chips li button{height:1.6rem;border-radius:1rem;background:var(--bar);border-color:transparent;max-width:24rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
    main>:first-child{margin-top:1.4rem}
    .head{display:flex;justify-content:space-between;align-items:end;gap:1rem}
    .tools{display:flex;gap:.3rem}.tools button{min-width:2.1rem;padding:0 .55rem}
    .legend{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;list-style:none;margin:0 0 .4rem;padding:0}
    .legend button{border:0;background:none;padding:0;height:1.6rem;display:flex;align-items:center;gap:.45rem;color:var(--soft)}
    .legend button[aria-pressed=true]{color:var(--ink);font-weight:600}
    .legend i{width:.7rem;height:.7rem;border-radius:3px}.legend span{color:var(--soft);font-weight:400}
    .c1{fill:var(--k1);background:var(--k1)}.c2{fill:var(--k2);background:var(--k2)}.c3{fill:var(--k3);background:var(--k3)}.c4{fill:var(--k4);background:var(--k4)}
    .chart{position:relative;touch-action:pan-y;cursor:crosshair}
    svg{display:block;width:100%;overflow:visible}
    .chart svg rect[class^=c]{stroke:var(--paper);stroke-width:.6}
    svg text{font-size:11px;fill:var(--soft)}svg .rule{stroke:var(--hair)}svg .axis{stroke:var(--line)}
    svg .sig{fill:var(--sig);fill-opacity:.85}svg .brush{fill:var(--shade);stroke:var(--accent);stroke-opacity:.5}
    svg .col:hover rect.hit{fill:var(--shade)}rect.hit{fill:transparent}
    .tip{position:absolute;top:0;pointer-events:none;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.4rem .6rem;font-size:.8rem;box-shadow:0 4px 16px rgba(0,0,0,.08);white-space:pre;z-index:3}
    .table{margin-top:.4rem;font-size:.85rem}summary{cursor:pointer;color:var(--soft);font-size:.85rem;width:max-content}
    .table>div{max-height:20rem;overflow:auto}
    table{border-collapse:collapse;font-size:.85rem}th,td{text-align:right;padding:.2rem .9rem .2rem 0;border-bottom:1px solid var(--hair);font-weight:400}th:first-child,td:first-child{text-align:left}th{color:var(--soft)}
    .grid{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:2.4rem 3rem}.grid.three{grid-template-columns:repeat(3,minmax(0,1fr))}
    .bars{list-style:none;margin:0;padding:0}
    .bars li{border-top:1px solid var(--hair)}.bars li:first-child{border-top:0}
    .row{display:block;width:100%;height:auto;text-align:left;border:0;background:none;padding:.42rem 0 .38rem;border-radius:0}
    .row:hover .name{color:var(--accent)}.row[aria-pressed=true] .name{color:var(--accent);font-weight:600}
    .line{display:flex;justify-content:space-between;gap:1rem;align-items:baseline}
    .name{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;unicode-bidi:isolate;font-size:.9rem}
    .count{color:var(--soft);font-size:.85rem;flex:none}
    .sub{display:-webkit-box;-webkit-line-clamp:3;-webkit-box-orient:vertical;color:var(--soft);font-size:.78rem;line-height:1.45;overflow:hidden;overflow-wrap:anywhere;unicode-bidi:isolate}
    .meter{display:flex;height:4px;border-radius:2px;background:var(--hair);margin-top:.3rem;overflow:hidden}
    .meter i{display:block;height:4px;background:var(--accent);min-width:1px}.meter i.c1{background:var(--k1)}.meter i.c2{background:var(--k2)}.meter i.c3{background:var(--k3)}.meter i.c4{background:var(--k4)}
    .rest{color:var(--soft);font-size:.8rem;margin:.5rem 0 0}
    .more{margin-top:.5rem;height:1.8rem;color:var(--soft)}
    #blocks{height:1.5rem;font-size:.78rem;padding:0 .5rem;margin-left:.3rem}
    .band{padding-top:1.6rem;position:relative}.band::before{content:"";position:absolute;top:0;left:2rem;right:2rem;border-top:1px solid var(--line)}
    .split{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:1.5rem}
    .list{max-height:34rem;overflow:auto;border:1px solid var(--line);border-radius:8px;background:var(--card);position:relative}
    #sizer{position:relative}
    .event{position:absolute;left:0;right:0;height:44px;padding:.25rem .9rem;border-bottom:1px solid var(--hair);cursor:pointer;overflow:hidden;display:grid;grid-template-columns:10.5rem 1fr;gap:0 1rem;font-size:.85rem;line-height:1.35}
    .event:hover{background:var(--hair)}.event[aria-selected=true]{background:var(--bar)}
    .event div{overflow:hidden;white-space:nowrap;text-overflow:ellipsis}.event .when{color:var(--soft)}.event .who{unicode-bidi:isolate;font-weight:600}
    .event .sig,.badge{color:var(--sig);font-weight:600}
    .detail{border:1px solid var(--line);border-radius:8px;background:var(--card);padding:1rem 1.2rem;min-width:0;max-height:34rem;overflow:auto;font-size:.88rem}
    .detail h3{color:var(--ink);font-size:1.05rem;margin:0;overflow-wrap:anywhere;unicode-bidi:isolate}
    .detail p{margin:.3rem 0;overflow-wrap:anywhere}.detail .links{display:flex;flex-wrap:wrap;gap:.4rem;margin:.8rem 0}
    .detail .links button{height:1.8rem}
    dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.25rem 1rem;margin:.4rem 0;font-size:.85rem}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere;unicode-bidi:isolate}
    pre{margin:.6rem 0 0;padding:.7rem .9rem;background:var(--paper);border-radius:6px;overflow:auto;max-height:16rem;font:12px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext}
    code{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
    .notes{color:var(--soft);font-size:.85rem;padding-left:1.1rem}
    main>*+*{margin-top:2.8rem}
    footer{color:var(--soft);font-size:.8rem;padding-top:2.5rem;padding-bottom:2.5rem}
    .vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    @media screen and (max-width:60rem){.wide{padding:0 1.1rem}.filters{position:static}.filters form{grid-template-columns:repeat(2,minmax(0,1fr))}
     .grid,.grid.three,.split{grid-template-columns:minmax(0,1fr)}.band::before{left:1.1rem;right:1.1rem}header{padding-top:1.6rem}h1{font-size:1.7rem}.detail{max-height:none}.event{grid-template-columns:9.6rem minmax(0,1fr);gap:0 .6rem}html{scroll-padding-top:0}}
    @media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}.meter i{transition:width .2s}}
    .paper{display:none}
    @media (forced-colors:active){.legend i,.meter,.meter i,.seal::before{forced-color-adjust:none}svg text{fill:CanvasText}.event[aria-selected=true]{outline:2px solid Highlight;outline-offset:-2px}}
    @media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--hair:#ddd;--bar:#eee;--accent:#234;--k1:#2b5c86;--k2:#c9731a;--k3:#3f9c8a;--k4:#857f75;--sig:#b3372f}
     body{font-size:11px}.wide{max-width:none;padding:0}.filters form,.tools,.more,.skip,#blocks,.list,.detail .links,.table,.tip{display:none!important}.filters{position:static;border:0;padding:0}
     .grid{gap:1.2rem 2rem}section,.bars li{break-inside:avoid}main>*{margin-top:1.2rem}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}.split{display:block}.detail{max-height:none}pre{max-height:none}.paper{display:block}.band::before{left:0;right:0}.detail:not(:has(pre)),#activity>.note{display:none}}

    """#
}
