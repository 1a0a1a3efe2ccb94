"""A synthetic council that an insider would take for real, and a nation of them, with the truth kept."""

from vcanalysis.intake.synth.council import Synthetic, synthesise
from vcanalysis.intake.synth.nation import draw_nation
from vcanalysis.intake.synth.settings import SynthSettings
from vcanalysis.intake.synth.write import save_synthetic, write_synthetic

__all__ = ["SynthSettings", "Synthetic", "draw_nation", "save_synthetic", "synthesise", "write_synthetic"]
