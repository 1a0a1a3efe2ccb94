# Independent numbers for tests/test_analysis_stability_reference.py: R 4.2.2, survival 3.5-3.
# Usage: python tests/stability_cases.py FOLDER; Rscript tests/stability_reference.R FOLDER
suppressMessages(library(survival))
d <- read.csv(file.path(commandArgs(TRUE)[1], "placements.csv"))
d$any <- d$end != ""
d$kind <- factor(d$end, c("", "18th birthday", "breakdown", "planned move"))
d$row <- seq_len(nrow(d))
say <- function(name, v) cat(sprintf('    "%s": [%s],\n', name, paste(formatC(v, digits = 12, format = "g"), collapse = ", ")))
days <- c(14, 60, 120)
curve <- function(name, s) {
  x <- summary(s, times = days)
  say(paste0(name, ".share"), x$surv); say(paste0(name, ".std_error"), x$std.err)
  say(paste0(name, ".low"), x$lower); say(paste0(name, ".high"), x$upper)
}
whole <- d[d$entry == 0, ]
curve("km", survfit(Surv(days, any) ~ 1, whole, conf.type = "log-log"))
curve("km_entry", survfit(Surv(entry, days, any) ~ 1, d, conf.type = "log-log"))
curve("km_cluster", survfit(Surv(days, any) ~ 1, whole, cluster = child, conf.type = "log-log"))
s <- survfit(Surv(days, any) ~ 1, whole, conf.type = "log-log")
say("median", summary(s)$table[c("median", "0.95LCL", "0.95UCL")])
say("restricted_mean", summary(s, rmean = 100)$table[c("rmean", "se(rmean)")])
x <- summary(survfit(Surv(entry, days, kind) ~ 1, d, id = row), times = days)
for (k in 2:4) { say(paste0("aj.", levels(d$kind)[k]), x$pstate[, k]); say(paste0("aj_error.", levels(d$kind)[k]), x$std.err[, k]) }
say("log_rank", survdiff(Surv(days, any) ~ sector, whole)$chisq)
model <- function(name, f) { say(paste0(name, ".beta"), coef(f)); say(paste0(name, ".std_error"), sqrt(diag(vcov(f)))) }
f <- coxph(Surv(entry, days, kind == "breakdown") ~ need + sector, d)
model("cox", f); say("cox.likelihood", f$loglik)
say("proportional.share", cox.zph(f, transform = "km", terms = FALSE)$table[, "p"])
say("proportional.log", cox.zph(f, transform = "log", terms = FALSE)$table[, "p"])
say("proportional.days", cox.zph(f, transform = "identity", terms = FALSE)$table[, "p"])
model("andersen_gill", coxph(Surv(start, stop, any) ~ need + sector, d, cluster = child))
model("pwp_gap", coxph(Surv(entry, days, any) ~ need + sector + strata(order), d, cluster = child))
