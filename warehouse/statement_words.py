"""The words of the statements and of what is found about them, in both languages."""

from warehouse.periods import Language

STATEMENTS: dict[str, dict[Language, str]] = {
    "demand_rises": {"en": "Demand for VPoEs rises", "ja": "VPoEの需要は高まっている"},
    "few_postings": {"en": "Few VPoE postings exist", "ja": "VPoEの求人は少ない"},
    "hires": {"en": "The VPoE hires engineers", "ja": "VPoEはエンジニアを採用する"},
    "develops": {"en": "The VPoE develops engineers", "ja": "VPoEはエンジニアを育成する"},
    "evaluates": {"en": "The VPoE evaluates engineers", "ja": "VPoEはエンジニアを評価する"},
    "forms_teams": {
        "en": "The VPoE forms and runs teams",
        "ja": "VPoEは開発チームを編成し運営する",
    },
    "aligns": {
        "en": "The VPoE works with other functions and the top management",
        "ja": "VPoEは他部門や経営層と連携する",
    },
    "cto_what_vpoe_how": {
        "en": "The CTO decides what to build it with, the VPoE how it is carried out",
        "ja": "CTOは「何で作るか」を、VPoEは「どう進めるか」を決める",
    },
    "vpop_what_to_build": {
        "en": "The VPoP decides what to build",
        "ja": "VPoPは「何を作るか」を決める",
    },
    "asks_business": {"en": "Business knowledge is asked for", "ja": "経営の知識が求められる"},
    "asks_management": {
        "en": "Management experience is asked for",
        "ja": "マネジメント経験が求められる",
    },
    "asks_problem_solving": {"en": "Problem solving is asked for", "ja": "問題解決力が求められる"},
    "asks_project_management": {
        "en": "Experience as a project manager is asked for",
        "ja": "プロジェクトマネージャーの経験が求められる",
    },
    "pay_from_7m": {
        "en": "The pay is 7 to 10 million yen and above",
        "ja": "年収は700万〜1,000万円以上",
    },
    "pay_above_pm": {
        "en": "The pay is above the project manager's 6.86 million yen",
        "ja": "年収はプロジェクトマネージャーの686万円を上回る",
    },
}
VERDICTS: dict[Language, dict[str, str]] = {
    "en": {
        "supported": "supported",
        "contradicted": "contradicted",
        "not_decidable": "not decidable from these data",
    },
    "ja": {
        "supported": "支持される",
        "contradicted": "反する",
        "not_decidable": "このデータでは判断できない",
    },
}
FINDINGS: dict[Language, dict[str, str]] = {
    "en": {
        "trend": "{openings} new openings in {periods} months from {first} to {last}, {panel}: "
        "×{factor} a month (95 % CI {interval}, p {p_value}; Mann-Kendall p {kendall_p})",
        "no_trend": "{openings} new openings in {periods} months from {first} to {last}, {panel}: "
        "no trend (Mann-Kendall p {kendall_p})",
        "few_months": "complete months on one panel: {periods}; {needed} are needed",
        "stock_panel": "in {boards} boards watched all through",
        "flow_panel": "by {boards} threads, counted per post in them",
        "share": "{part} of {whole} openings, {share} per 10,000 (95 % CI {interval}); few means "
        "fewer than {few} per 10,000",
        "nothing": "no openings to take a share of",
        "pair": "{concept}: {role} {share} of {openings} openings by {employers} employers "
        "(95 % CI {interval}), {other} {other_share} of {other_openings}; difference "
        "{difference} points (95 % CI {low} to {high})",
        "few_employers": "{role}: {employers} employers with a text that is of this role alone; "
        "{needed} are needed",
        "pay": "median {median} million yen a year (95 % CI {interval}; ranges {low} to {high} at "
        "their medians) by {employers} employers with {openings} openings",
        "no_pay": "fewer than 5 employers state their pay in yen",
    },
    "ja": {
        "trend": "{first}〜{last}の{periods}か月、{panel}で新規求人{openings}件、月あたり{factor}倍"
        "(95%信頼区間{interval}、p={p_value}、Mann-Kendall p={kendall_p})",
        "no_trend": "{first}〜{last}の{periods}か月、{panel}で新規求人{openings}件、"
        "傾向は確認できない(Mann-Kendall p={kendall_p})",
        "few_months": "同じパネルで完結した月が{periods}か月({needed}か月必要)",
        "stock_panel": "全期間観測した掲載元{boards}件",
        "flow_panel": "スレッド{boards}本(投稿数あたり)",
        "share": "{whole}件中{part}件、1万件あたり{share}件(95%信頼区間{interval})。"
        "1万件あたり{few}件未満を「少ない」とする",
        "nothing": "割合を計算する求人がない",
        "pair": "{concept}: {role}は{employers}社の{openings}件中{share}(95%信頼区間{interval})、"
        "{other}は{other_openings}件中{other_share}。差は{difference}ポイント"
        "(95%信頼区間{low}〜{high})",
        "few_employers": "{role}: この職種だけの本文がある企業は{employers}社({needed}社必要)",
        "pay": "年収の中央値{median}百万円(95%信頼区間{interval}、幅の下限と上限の中央値は{low}と{high})、"
        "{employers}社の{openings}件",
        "no_pay": "年収を円で示す企業が5社未満",
    },
}
NOTES: dict[Language, dict[str, str]] = {
    "en": {
        "panel": "{kind}, source {source}, country {country}; {boards} boards; as of {as_of_date}; "
        "classifier version {versions}.",
        "rule": "A duty or skill is supported where the texts of the role name it more often than "
        "those it is compared with, contradicted where less often, both beyond the 95 % interval of "
        "the difference. What a text doesn't name may still be part of the job. Of {statements} "
        "statements one may be off by chance alone.",
        "coverage": "Counts advertisements, not hires; headhunted, unadvertised and login-only posts "
        "aren't in it.",
    },
    "ja": {
        "panel": "{kind}、ソース{source}、国{country}。掲載元{boards}件。{as_of_date}現在。"
        "分類器{versions}版。",
        "rule": "職務と能力は、その職種の本文が比較対象より多く挙げていれば「支持される」、"
        "少なければ「反する」とする(差の95%信頼区間が0を含まない場合)。本文にないことも仕事に含まれうる。"
        "{statements}項目のうち1つは偶然で外れうる。",
        "coverage": "求人広告の件数であり、採用人数ではない。"
        "ヘッドハンティング、非公開、ログインが必要な求人は含まない。",
    },
}
