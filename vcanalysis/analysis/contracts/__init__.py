"""What an outcomes contract should pay for: terms, ledger, what is additional, risk and gaming."""

from vcanalysis.analysis.contracts.audit import audit_size, rerating_audit
from vcanalysis.analysis.contracts.bunching import Bunching, bunching
from vcanalysis.analysis.contracts.clock import days_events, score_events, stay_events
from vcanalysis.analysis.contracts.comparing import beside_each_other, headline
from vcanalysis.analysis.contracts.deadweight import Deadweight, deadweight, effective_counts
from vcanalysis.analysis.contracts.fees import FeeMove, gaps_as_published, move_to_bands
from vcanalysis.analysis.contracts.gaming import (
    cherry_picking,
    early_exits,
    score_drift,
)
from vcanalysis.analysis.contracts.guardrails import guardrail_rates, verdicts
from vcanalysis.analysis.contracts.indigo import Indigo, export_indigo, import_indigo, indigo_faults
from vcanalysis.analysis.contracts.payments import PaymentLedger, pay
from vcanalysis.analysis.contracts.reading import build_contract, contract_names, read_contract
from vcanalysis.analysis.contracts.risk import Risk, Stays, contract_risk, draw_stays, pay_for_days
from vcanalysis.analysis.contracts.terms import Contract, Guardrail, Metric, Rate
from vcanalysis.analysis.contracts.value_added import ValueAdded, value_added
from vcanalysis.core.survival import natural_stays

__all__ = [
    "Bunching",
    "Contract",
    "Deadweight",
    "FeeMove",
    "Guardrail",
    "Indigo",
    "Metric",
    "PaymentLedger",
    "Rate",
    "Risk",
    "Stays",
    "ValueAdded",
    "audit_size",
    "beside_each_other",
    "build_contract",
    "bunching",
    "cherry_picking",
    "contract_names",
    "contract_risk",
    "days_events",
    "deadweight",
    "draw_stays",
    "early_exits",
    "effective_counts",
    "export_indigo",
    "gaps_as_published",
    "guardrail_rates",
    "headline",
    "import_indigo",
    "indigo_faults",
    "move_to_bands",
    "natural_stays",
    "pay",
    "pay_for_days",
    "read_contract",
    "rerating_audit",
    "score_drift",
    "score_events",
    "stay_events",
    "value_added",
    "verdicts",
]
