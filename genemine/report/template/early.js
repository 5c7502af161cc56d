// Before anything is drawn: the reader's choice of light or dark, and that scripts run.
document.documentElement.className = "js";
try { const kept = localStorage.getItem("genemine-theme"); if (kept) document.documentElement.dataset.theme = kept; } catch { /* files may have no storage */ }
