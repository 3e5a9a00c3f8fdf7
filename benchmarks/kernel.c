/* The step `share` of an office's day in C: how each cadre splits the day between what is wanted.

   The same arithmetic as src/cadre_sim/workday/allot.py, on the same arrays, so that both can be timed side by side and
   their results compared. Numbers of activities are those of src/cadre_sim/activities.py. */

#include <math.h>
#include <stdint.h>

enum { COUNT = 18, RECEPTION = 1, MEETINGS = 4, URGENT = 11, ORDINARY = 12, TRAINING = 14, OTHER = 15, SWITCHING = 16 };

static const int burden_wants[] = {0, 2, 3, 5, 6, 7, 8, 9, 10};

typedef struct {
    double contracted, longest_day, pressure_caution, pressure_motivation, urgent_factor, overtime_ceiling;
    double overtime_burden, overtime_service, switching, interruption, juggling, switching_most;
} Parameters;

static double least(double a, double b) { return a < b ? a : b; }
static double most(double a, double b) { return a > b ? a : b; }

static double water_level(double rest, const double want[4], const double weight[4])
{
    int full[4] = {0, 0, 0, 0};
    double level = 0.0;
    for (int round = 0; round < 4; round++) {
        double slope = 0.0;
        for (int k = 0; k < 4; k++)
            slope += full[k] ? 0.0 : want[k] * weight[k];
        if (slope <= 0.0)
            return level;
        level = most(0.0, rest) / slope;
        int changed = 0;
        for (int k = 0; k < 4; k++)
            if (!full[k] && level * weight[k] >= 1.0) {
                full[k] = changed = 1;
                rest -= want[k];
            }
        if (!changed)
            return level;
    }
    return level;
}

static void hand_out(double *hours, const double *wanted, double burden, double urgent, double service, double other)
{
    for (int j = 0; j < 9; j++)
        hours[burden_wants[j]] = burden * wanted[burden_wants[j]];
    hours[ORDINARY] = service * wanted[ORDINARY];
    hours[TRAINING] = service * wanted[TRAINING];
    hours[URGENT] = urgent * wanted[URGENT];
    hours[OTHER] = other * wanted[OTHER];
}

void share(int64_t offices, const int64_t *first, const int64_t *staff, const double *meeting_seats,
           const double *reception_seats, const double *want, const int64_t *matters, const double *pressure,
           const double *caution, const double *motivation, const double *fatigue, const uint8_t *present,
           double *hours_of_all, double *overtime, double *slack, const Parameters *p)
{
    for (int64_t u = 0; u < offices; u++) {
        const double *wanted = want + u * COUNT;
        double burden = 0.0, lost = 0.0;
        for (int j = 0; j < 9; j++)
            burden += wanted[burden_wants[j]];
        double service = wanted[ORDINARY] + wanted[TRAINING];
        double all_wanted = burden + service + wanted[URGENT] + wanted[OTHER];
        if (staff[u] > 0) {
            int kinds = 0;
            for (int k = 0; k < COUNT; k++)
                kinds += wanted[k] > 0.0;
            double interruptions = (meeting_seats[u] + reception_seats[u]) / staff[u];
            lost = p->switching * (kinds > 1 ? kinds - 1 : 0) + p->interruption * interruptions
                   + p->juggling * matters[u] / staff[u];
            lost = least(p->switching_most, lost);
        }
        for (int64_t i = first[u]; i < first[u + 1]; i++) {
            if (!present[i])
                continue;
            double *hours = hours_of_all + i * COUNT;
            double fixed = hours[MEETINGS] + hours[RECEPTION];
            double free = most(0.0, p->contracted - fixed);
            hours[SWITCHING] = least(lost, free);
            free -= hours[SWITCHING];
            double beyond = most(0.0, fixed - p->contracted);
            if (all_wanted <= free) {
                overtime[i] = beyond;
                slack[i] = free - all_wanted;
                hand_out(hours, wanted, 1.0, 1.0, 1.0, 1.0);
                continue;
            }
            double w_burden = exp(least(300.0, p->pressure_caution * caution[i] + pressure[u]));
            double w_service = exp(least(300.0, p->pressure_motivation * motivation[i]));
            double w_urgent = w_service * p->urgent_factor;
            double wants[4] = {burden, wanted[URGENT], service, wanted[OTHER]};
            double weights[4] = {w_burden, w_urgent, w_service, 1.0};
            double level = water_level(free, wants, weights);
            double f_burden = least(1.0, level * w_burden), f_urgent = least(1.0, level * w_urgent);
            double f_service = least(1.0, level * w_service), f_other = least(1.0, level);
            double will_burden = (1.0 - f_burden) * least(1.0, p->overtime_burden * caution[i]);
            double willing = least(1.0, p->overtime_service * motivation[i]);
            double will_urgent = (1.0 - f_urgent) * willing, will_service = (1.0 - f_service) * willing;
            double would = will_burden * burden + will_urgent * wanted[URGENT] + will_service * service;
            double at_most = least(p->overtime_ceiling * (1.0 - fatigue[i]), p->longest_day - p->contracted);
            double part = would > 0.0 ? least(1.0, most(0.0, at_most - beyond) / would) : 0.0;
            overtime[i] = beyond + part * would;
            double given = f_burden * burden + f_urgent * wanted[URGENT] + f_service * service + f_other * wanted[OTHER];
            slack[i] = most(0.0, free - given);
            hand_out(hours, wanted, f_burden + part * will_burden, f_urgent + part * will_urgent,
                     f_service + part * will_service, f_other);
        }
    }
}
