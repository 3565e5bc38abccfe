"""The words of claims, in both languages: what method 2.8 allows, the notes, and the refusals."""

from warehouse.periods import Language

SENTENCES: dict[Language, dict[str, str]] = {
    "en": {
        "too_few": "{before} new {role}openings in {period_before}, {after} in {period_after} "
        "(too few to tell a direction)",
        "no_clear_change": "no clear change: {before} → {after} new {role}openings "
        "(×{ratio}, 95 % CI {interval})",
        "not_among_several": "no clear change among {roles} roles compared: {before} → {after} new "
        "{role}openings (×{ratio}, 95 % CI {interval}, adjusted p {p_value})",
        "rise": "In {panel} new {role}openings rose from {before} to {after} "
        "(×{ratio}, 95 % CI {interval})",
        "fall": "In {panel} new {role}openings fell from {before} to {after} "
        "(×{ratio}, 95 % CI {interval})",
        "panel_stock": "the fixed panel of {boards} boards",
        "panel_flow": "the monthly threads of {source}",
        "provisional": "provisional: ",
        "withheld": "not published, collection below the threshold",
    },
    "ja": {
        "too_few": "{role}の新規求人は{period_before}{before}件、{period_after}{after}件"
        "(件数が少なく増減は判断できない)",
        "no_clear_change": "{role}の新規求人に明確な変化は確認できない"
        "({before}件→{after}件、{ratio}倍、95%信頼区間{interval})",
        "not_among_several": "比較した{roles}職種のうち、{role}の新規求人に明確な変化は確認できない"
        "({before}件→{after}件、{ratio}倍、95%信頼区間{interval}、調整済みp値{p_value})",
        "rise": "{panel}で、{role}の新規求人は{before}件から{after}件に増えた"
        "({ratio}倍、95%信頼区間{interval})",
        "fall": "{panel}で、{role}の新規求人は{before}件から{after}件に減った"
        "({ratio}倍、95%信頼区間{interval})",
        "panel_stock": "定点観測の{employers}社",
        "panel_flow": "{source}の月次スレッド",
        "provisional": "速報値:",
        "withheld": "収集率が基準未満のため非公表",
    },
}
NOTES: dict[Language, dict[str, str]] = {
    "en": {
        "panel_stock": "Panel: {boards} boards in it all through both periods, list {digest}; "
        "source {source}, country {country}.",
        "panel_flow": "Panel: {before} and {after} monthly threads of {source}, list {digest}; "
        "country {country}. New openings of all roles in them: {all_before} → {all_after}.",
        "period": "Periods: {before} and {after}; as of {as_of_date}.{exposure}",
        "exposure": " The ratio is by night: {before} and {after} nights.",
        "classifier": "Classifier: version {versions}; its precision and recall aren't recorded in "
        "this file, see `vpoe evaluate`.",
        "collected": "Collected: coverage by weight {coverage:.0%}, carried from earlier nights "
        "{imputed:.0%}.",
        "stock": "Open on a mean day: {before} → {after} (×{ratio}, 95 % CI {interval} by employers).",
        "clusters": "Largest employer: {share:.0%} of the {after} newest, {employers} employers, HHI "
        "{herfindahl:.3f}; counting them as clusters, {after} stands for {interval}.",
        "coverage": "Not covered: headhunted, unadvertised and login-only posts. Counts "
        "advertisements, not hires. Not seasonally adjusted. Intervals: chance in what employers "
        "advertise, not what the panel doesn't cover.",
    },
    "ja": {
        "panel_stock": "パネル: 両期間を通じて観測した掲載元{boards}件、リスト{digest}。"
        "ソース{source}、国{country}。",
        "panel_flow": "パネル: {source}の月次スレッド{before}本と{after}本、リスト{digest}。"
        "国{country}。全職種の新規求人は{all_before}件→{all_after}件。",
        "period": "期間: {before}と{after}。{as_of_date}現在。{exposure}",
        "exposure": "倍率は1晩あたり({before}晩と{after}晩)。",
        "classifier": "分類器: {versions}版。適合率と再現率はこのファイルに記録がない"
        "(`vpoe evaluate`を参照)。",
        "collected": "収集: 重み付き収集率{coverage:.0%}、前の晩からの繰り越し{imputed:.0%}。",
        "stock": "1日平均の掲載中の求人: {before}件→{after}件({ratio}倍、企業単位の95%信頼区間{interval})。",
        "clusters": "最大の企業は後の期間の{after}件の{share:.0%}、企業数{employers}、HHI "
        "{herfindahl:.3f}。企業ごとのまとまりを考えた95%信頼区間は{interval}。",
        "coverage": "含まれないもの: ヘッドハンティング、非公開、ログインが必要な求人。"
        "求人広告の件数であり、採用人数ではない。季節調整なし。信頼区間は企業の掲載行動の偶然によるもので、"
        "パネルの外は含まない。",
    },
}
REASONS: dict[Language, dict[str, str]] = {
    "en": {
        "not_over": "{period} isn't over: the newest night is {as_of_date}",
        "no_panel": "no board was watched from before {period_before} to the end of {period_after}; "
        "the first night is {first_date}",
        "no_threads": "{source} has no thread in {period_before} or in {period_after}",
        "no_months": "{source} has one thread a month; ask for whole months",
        "collection": "coverage {coverage:.0%}, carried {imputed:.0%}",
    },
    "ja": {
        "not_over": "{period}はまだ終わっていない(最新の晩は{as_of_date})",
        "no_panel": "{period_before}の前から{period_after}の終わりまで観測した掲載元がない"
        "(最初の晩は{first_date})",
        "no_threads": "{source}には{period_before}か{period_after}のスレッドがない",
        "no_months": "{source}のスレッドは月に1本なので、月単位で指定する",
        "collection": "収集率{coverage:.0%}、繰り越し{imputed:.0%}",
    },
}
