"""Words of disease names that mean nearly the same: organs by noun and adjective, words for harm, for lack, for tumours."""

from __future__ import annotations

_ALIKE = """
liver hepatic hepato hepatocellular
kidney renal nephro nephropathy
heart cardiac cardio myocardial myocardium
lung pulmonary pneumo respiratory
brain cerebral encephalic intracranial cerebrum
stomach gastric
breast mammary
ovary ovarian
testis testicular testicle
uterus uterine endometrial endometrium
cervix cervical
prostate prostatic
pancreas pancreatic
colon colonic colorectal
bladder vesical
intestine intestinal bowel enteric gastrointestinal gi
nerve neural neuro neurological neurologic nervous neuronal neuropathy
muscle muscular myo
skin cutaneous dermal dermatological
bone osseous skeletal
eye ocular ophthalmic
vision visual
hearing auditory acoustic
vessel vascular
vein venous
artery arterial
lymph lymphatic lymphoid
bladder urinary urologic
blood hematologic hematological hematopoietic
thymus thymic
thyroid thyroidal
adrenal adrenocortical
spleen splenic
memory mnestic
mind mental psychiatric
cognition cognitive
movement motor locomotor
cancer carcinoma tumor neoplasm malignancy neoplasia adenocarcinoma malignant neoplastic
disease disorder syndrome illness condition abnormality complication dysfunction problem disturbance
toxicity injury damage toxic
impairment failure insufficiency decline deficit decrease decreased reduced impaired loss
deficiency deficient lack absence absent
infection infectious infected
inflammation inflammatory
hemorrhage bleeding hemorrhagic
rigidity stiffness
hypertrophy enlargement
spasm vasospasm
seizure convulsion convulsive
pain ache painful
inborn inherited hereditary genetic familial congenital
retardation disability
increase increased elevated high
low lowered
""".strip()
_CLASS = {word: line.split()[0] for line in reversed(_ALIKE.split("\n")) for word in line.split()}


def alike(word: str) -> str:
    """Give the word that stands for all words that mean nearly the same: ``hepatic`` -> ``liver``."""
    return _CLASS.get(word, word)


def alike_bag(key: str) -> str:
    """Give a disease key without order, small words and degrees, each word by the one that stands for it."""
    words = {alike(word) for word in key.split()}
    return " ".join(sorted(words - _SAYS_LITTLE or words))


_SMALL = "of the in with and or to a an by due from for on"
_DEGREES = (
    "severe mild moderate acute chronic sporadic human primary progressive transient persistent marked significant clinical other "
    "new newly diagnosed induced related associated"
)
_SAYS_LITTLE = frozenset(f"{_SMALL} {_DEGREES}".split())
