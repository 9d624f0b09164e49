/*
 * The core of a day by hand in C: list who could win, choose, queue, pay, judge, diagnose. Walk-in only.
 *
 * A yardstick for the kernels of `circlesim.engine`, compiled and checked by `kernel.py`: the same draws, the same
 * branches and the same order of arithmetic, so that the same ledger must come out, bit for bit. Left out are orders,
 * which the town of the benchmark has none of. Compile without -ffast-math and with -ffp-contract=off.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

typedef uint64_t u64;
typedef int64_t i64;
typedef int32_t i32;
typedef uint16_t u16;
typedef uint8_t u8;
typedef int16_t i16;

enum { INTERVALS = 4, WINDOWS = 3, MINUTES = 1440, HOURS = 24, QUEUE = 512, BIN_SHIFT = 54, BLOCK = 64, TRIED = 8 };
enum { OUTLETS_LUCK, ORDERS_LUCK, HOME_LUCK, OUTSIDE_LUCK, FORGO_LUCK, LUCKS };
enum { HOME = -1, OUTSIDE = -2, FORGO = -3, AT_HOME = -1, NOBODY = -1 };
enum { NONE, WALK_IN };
enum { F_INSIDE, F_DELIVERED, F_HOME, F_OUTSIDE, F_DECLINED, F_UNMET };
enum { FULL = 1, REFUSED = 2, POOR = 4, DIGITAL = 8, CLOSED = 16, STEPS = 32, FAR = 256 };
#define MOBILE_MISSING(p) (!(p)->digital || !((p)->means & t->mobile))

typedef struct {
    u64 id;
    double speed, tolerance, b_walk;
    i32 origin;
    u8 group, schedule, means, digital, needs_step_free, homebound;
} Person;

typedef struct {
    u64 id;
    double service_min, price_level, quality;
    i32 origin, servers, queue_limit;
    u8 accepts, unattended, step_free, present;
} Outlet;

typedef struct { double tau, taste_sd, shift_max, price_outside; } Service;

typedef struct {
    double b_wait, b_shift, b_queue, queue_unnoticed, wait_memory, lost_sale, perf_constant, perf_quality, perf_walk,
        perf_wait, perf_memory, expectation_rate, tries_max, unavailable, dearest;
} Law;

/* Where one need stands; all of it together, since it is used together. */
typedef struct {
    double event, utility, home_walk, wait, walked, asked, not_before, way_home;
    i32 target, place, after, tried[TRIED];
} Trip;

typedef struct {
    i32 *resident;
    u8 *service, *ordinal, *days_open;
    double *need_min;
    i64 *basket;
    i32 *first_choice;
    u16 *first_barrier, *barriers, *met_if_lifted;
    u8 *inside_feasible, *tries, *refusals, *fate, *channel;
    i32 *facility;
    double *walk_min, *arrive_min, *start_min, *wait_min;
    i32 *ahead;
    double *utility;
    i64 *price, *fee, *voucher;
} Sheet;

typedef struct {
    i64 residents, facilities, services, words, servers, buckets, mobile;
    i64 capacity, memory, budget, clock;
    /* the town */
    const Person *person;
    const Outlet *outlet;
    const u64 *outlet_id;
    const double *hours, *attraction;
    const i16 *all_open;
    const i64 *ptr;
    const i32 *facility;
    const float *metres;
    const Law *law;
    const Service *service;
    const double *constants, *window;
    const i64 *service_of, *ordinal_of;
    /* luck */
    const u64 *choice_key, *service_key, *patience_key, *refusal_key;
    const double *gumbel_bound, *normal_bound;
    u64 taste;
    /* needs */
    i64 needs;
    const i32 *resident;
    const u8 *kind;
    const double *minute;
    const i64 *basket;
    const i32 *first, *then;
    const double *luck;
    /* shortlist, state, working memory, ledger */
    i64 *list_ptr;
    i32 *list_entry;
    double *list_most;
    double *performance, *expectation, *equity;
    i64 *purse;
    u64 *refused;
    double *free_at, *queue;
    i64 *head, *tail;
    double *wait_public, *wait_sum, *wait_count;
    Trip *trip;
    i32 *bucket;
    Sheet sheet;
    i64 weekday, weekend;
} Day;

typedef struct {
    i64 row, r, k, s, basket;
    double minute;
    const Person *p;
    const Service *v;
} Need;

typedef struct { i32 target, channel; double utility, leave, walk, home_walk, wait; } Choice;

/* ------------------------------------------------------------------------------------------------ luck */

static inline u64 mix(u64 z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}
static inline u64 chain(u64 key, u64 word) { return mix(key ^ (word * 0x9E3779B97F4A7C15u + 0xD1342543DE82EF95u)); }
static inline double unit(u64 bits) { return ((double)(i64)(bits >> 12) + 0.5) * 2.220446049250313e-16; }
static inline double gumbel(double u) { return -log(-log(u)); }
static inline double exponential(double u) { return -log(u); }

/* Wichura 1988, algorithm AS 241, PPND16. */
static inline double normal(double u) {
    double q = u - 0.5, r, top, low, z;
    if (fabs(q) <= 0.425) {
        r = 0.180625 - q * q;
        top = ((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
               + 133.14166789178437745) * r + 3.387132872796366608;
        low = ((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
               + 42.313330701600911252) * r + 1.0;
        return q * top / low;
    }
    r = q < 0.0 ? u : 1.0 - u;
    r = sqrt(-log(r));
    if (r <= 5.0) {
        r -= 1.6;
        top = ((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
               + 4.6303378461565452959) * r + 1.42343711074968357734;
        low = ((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
               + 2.05319162663775882187) * r + 1.0;
    } else {
        r -= 5.0;
        top = ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
               + 5.4637849111641143699) * r + 6.6579046435011037772;
        low = ((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
                + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
               + 0.59983220655588793769) * r + 1.0;
    }
    z = top / low;
    return q < 0.0 ? -z : z;
}

/* ----------------------------------------------------------------------------------------------- rules */

static inline i64 price_of(i64 basket, double level) { return (i64)floor((double)basket * 0.01 * level * 100.0 + 0.5); }
static inline double value_of(const Law *w, double pull, double b_walk, double walk, double wait, double shift) {
    return pull - b_walk * walk - w->b_wait * wait - w->b_shift * shift;
}
static inline int hour_of(double minute) {
    int h = (int)(minute / 60.0);
    return h < 0 ? 0 : h > 23 ? 23 : h;
}
static inline int open_at(double minute, const double *h) {
    for (int j = 0; j < INTERVALS && h[2 * j + 1] >= 0.0; j++)
        if (h[2 * j] <= minute && minute < h[2 * j + 1]) return 1;
    return 0;
}

/* Departure nearest to the need over opening intervals and free windows, or -1. */
static double moved(double need, double not_before, double walk, const double *h, const double *w, double most) {
    double best = -1.0, gap = most;
    for (int j = 0; j < INTERVALS && h[2 * j + 1] >= 0.0; j++)
        for (int i = 0; i < WINDOWS; i++) {
            if (w[2 * i + 1] < 0.0) continue;
            double from = w[2 * i] > not_before ? w[2 * i] : not_before;
            double first = h[2 * j] - walk > from ? h[2 * j] - walk : from;
            double last = (h[2 * j + 1] - walk < w[2 * i + 1] ? h[2 * j + 1] - walk : w[2 * i + 1]) - 1.0;
            if (last < first) continue;
            double leave = need > first ? need : first;
            if (leave > last) leave = last;
            double off = fabs(leave - need);
            if (leave >= 0.0 && (off < gap || (best < 0.0 && off <= gap))) best = leave, gap = off;
        }
    return best;
}
static inline double departure(double need, double not_before, double walk, const double *h, const double *w,
                               double most) {
    if (need >= not_before && open_at(need + walk, h)) return need;
    return moved(need, not_before, walk, h, w, most);
}

static inline const double *hours_of(const Day *t, i64 f) {
    return t->hours + (t->weekday * t->facilities + f) * INTERVALS * 2;
}
static inline const double *windows_of(const Day *t, const Person *p) {
    return t->window + (p->schedule * 2 + t->weekend) * WINDOWS * 2;
}
static inline const double *constants_of(const Day *t, const Person *p, i64 s) {
    return t->constants + (p->group * t->services + s) * 4;
}
static inline const double *luck_of(const Day *t, i64 row) { return t->luck + row * LUCKS; }
static inline double forgone(const Day *t, i64 row, const Person *p, i64 s) {
    return constants_of(t, p, s)[3] + luck_of(t, row)[FORGO_LUCK];
}
static inline double at_home(const Day *t, i64 row, const Person *p, i64 s) {
    double c = constants_of(t, p, s)[1];
    return c > t->law->unavailable ? c + luck_of(t, row)[HOME_LUCK] : -INFINITY;
}
static inline int remembers(const Day *t, i64 r, i64 f) {
    return (t->refused[r * t->words + (f >> 6)] >> (f & 63)) & 1;
}

/* ----------------------------------------------------------------------------- list who could win at all */

void core_list(Day *t) {
    i64 n = 0;
    double most[BLOCK];
    for (i64 i = 0; i < t->needs; i++) {
        t->list_ptr[i] = n;
        const Person *p = t->person + t->resident[i];
        const i64 k = t->kind[i], s = t->service_of[k];
        const Service *v = t->service + s;
        const double *pull = t->attraction + s * t->facilities;
        const u64 key = chain(t->choice_key[k], p->id), lasting = chain(t->taste, p->id);
        const double shared = luck_of(t, i)[OUTLETS_LUCK], tau = v->tau, spread = v->taste_sd;
        const double speed = p->speed, b_walk = p->b_walk;
        const double go = forgone(t, i, p, s), home = at_home(t, i, p, s), least = home > go ? home : go;
        const double *restrict gb = t->gumbel_bound, *restrict nb = t->normal_bound;
        const i64 row = (i64)p->origin * t->services + s, low = t->ptr[row], high = t->ptr[row + 1];
        for (i64 at = low; at < high; at += BLOCK) {
            const int count = high - at < BLOCK ? (int)(high - at) : BLOCK;
            const i32 *restrict fs = t->facility + at;
            const float *restrict ms = t->metres + at;
            for (int j = 0; j < count; j++) {
                const i64 f = fs[j];
                const u64 bits = chain(key, t->outlet_id[f]), taste = chain(lasting, t->outlet_id[f]);
                const double m = pull[f] - b_walk * ((double)ms[j] / speed) + spread * nb[taste >> BIN_SHIFT];
                most[j] = m + tau * (gb[bits >> BIN_SHIFT] + shared);
            }
            for (int j = 0; j < count; j++) {
                t->list_entry[n] = (i32)(at + j);
                t->list_most[n] = most[j];
                n += most[j] >= least;
            }
        }
    }
    t->list_ptr[t->needs] = n;
}

/* ---------------------------------------------------------------------------------------------- choose */

static double metres_between(const Day *t, i64 at, i64 s, i64 f) {
    i64 row = (i64)t->outlet[at].origin * t->services + s;
    for (i64 e = t->ptr[row]; e < t->ptr[row + 1]; e++)
        if (t->facility[e] == f) return (double)t->metres[e];
    return -1.0;
}

static Choice choose(const Day *t, const Need *n, double not_before, i64 at, double now, const i32 *tried, int count) {
    const Person *p = n->p;
    const Service *v = n->v;
    const Law *w = t->law;
    const double *c = constants_of(t, p, n->s);
    i64 purse = t->purse[n->r];
    Choice best = {FORGO, NONE, forgone(t, n->row, p, n->s), n->minute, 0.0, 0.0, 0.0};
    double u = at_home(t, n->row, p, n->s);
    if (u > best.utility) best.target = HOME, best.utility = u;
    if (c[2] > w->unavailable && !p->homebound && (!t->budget || price_of(n->basket, v->price_outside) <= purse)) {
        u = c[2] + luck_of(t, n->row)[OUTSIDE_LUCK];
        if (u > best.utility) best.target = OUTSIDE, best.utility = u;
    }
    if (count >= (int)w->tries_max || p->homebound) return best;
    const double *windows = windows_of(t, p), *pull = t->attraction + n->s * t->facilities;
    const u64 key = chain(t->choice_key[n->k], p->id), lasting = chain(t->taste, p->id);
    const double shared = luck_of(t, n->row)[OUTLETS_LUCK];
    for (i64 z = t->list_ptr[n->row]; z < t->list_ptr[n->row + 1]; z++) {
        if (t->list_most[z] < best.utility) continue;
        const i64 e = t->list_entry[z], f = t->facility[e];
        const double walk = (double)t->metres[e] / p->speed;
        if (!(walk <= p->tolerance)) break;
        const Outlet *o = t->outlet + f;
        if (!o->present || (p->needs_step_free && !o->step_free) || (o->unattended && MOBILE_MISSING(p))) continue;
        if (t->memory && remembers(t, n->r, f)) continue;
        if (t->budget && price_of(n->basket, o->price_level) > purse) continue;
        const double *h = hours_of(t, f);
        double go = departure(n->minute, not_before, walk, h, windows, v->shift_max);
        if (go < 0.0) continue;
        const double wait = t->wait_public[f * HOURS + hour_of(go + walk)];
        const double value = value_of(w, pull[f], p->b_walk, walk, wait, fabs(go - n->minute));
        const double error = v->tau * (gumbel(unit(chain(key, o->id))) + shared);
        u = value + v->taste_sd * normal(unit(chain(lasting, o->id))) + error;
        if (u < best.utility
            || (u == best.utility && (best.target < 0 || o->id > t->outlet[best.target].id))) continue;
        double onward = walk;
        if (count > 0) {
            int again = 0;
            for (int j = 0; j < count; j++) again |= tried[j] == f;
            if (again) continue;
            if (at != AT_HOME) {
                const double metres = metres_between(t, at, n->s, f);
                onward = metres / p->speed;
                if (metres < 0.0 || !(onward <= p->tolerance) || !open_at(now + onward, h)) continue;
                go = now;
            }
        }
        best = (Choice){(i32)f, WALK_IN, u, go, onward, walk, wait};
    }
    return best;
}

/* -------------------------------------------------------------------------------------------- diagnose */

static inline int single(int bits) { return bits && !(bits & (bits - 1)); }

static int at_the_door(const Day *t, const Need *n, i64 f) {
    const Outlet *o = t->outlet + f;
    int bits = 0;
    if (n->p->needs_step_free && !o->step_free) bits |= STEPS;
    if (o->unattended && MOBILE_MISSING(n->p)) bits |= DIGITAL;
    if (t->memory && remembers(t, n->r, f)) bits |= REFUSED;
    if (t->budget && price_of(n->basket, o->price_level) > t->purse[n->r]) bits |= POOR;
    return bits;
}

static int met_on_foot(const Day *t, const Need *n, int *feasible) {
    const Person *p = n->p;
    int barriers = 0, plain = !p->needs_step_free && !MOBILE_MISSING(p);
    if (t->budget) plain &= price_of(n->basket, t->law->dearest) <= t->purse[n->r];
    if (t->memory)
        for (i64 j = 0; j < t->words; j++) plain &= t->refused[n->r * t->words + j] == 0;
    const int minute = (int)n->minute;
    const double all_open
        = minute >= MINUTES ? -1.0 : (double)t->all_open[(t->weekday * t->services + n->s) * MINUTES + minute];
    const i64 row = (i64)p->origin * t->services + n->s;
    i64 low = t->ptr[row], high = t->ptr[row + 1];
    *feasible = 0;
    if (plain && low < high && n->minute + (double)t->metres[high - 1] / p->speed < all_open) {
        while (low < high && !t->outlet[t->facility[low]].present) low++;
        if (low == high) return 0;
        while (!t->outlet[t->facility[high - 1]].present) high--;
        *feasible = (double)t->metres[low] / p->speed <= p->tolerance && !p->homebound;
        return (double)t->metres[high - 1] / p->speed <= p->tolerance && !p->homebound ? 0 : FAR;
    }
    for (i64 e = low; e < high; e++) {
        const i64 f = t->facility[e];
        if (!t->outlet[f].present) continue;
        const double walk = (double)t->metres[e] / p->speed;
        int bits = walk <= p->tolerance && !p->homebound ? 0 : FAR;
        if (!plain) bits |= at_the_door(t, n, f);
        barriers |= bits;
        if (barriers & CLOSED && (*feasible || bits)) continue;
        if (n->minute + walk < all_open
            || departure(n->minute, 0.0, walk, hours_of(t, f), windows_of(t, p), n->v->shift_max) >= 0.0)
            *feasible |= bits == 0;
        else
            barriers |= CLOSED;
    }
    return barriers;
}

static int liftable_on_foot(const Day *t, const Need *n, double obtained, int barriers) {
    const Person *p = n->p;
    const u64 key = chain(t->choice_key[n->k], p->id), lasting = chain(t->taste, p->id);
    const double shared = luck_of(t, n->row)[OUTLETS_LUCK];
    const int listed = obtained >= at_home(t, n->row, p, n->s);
    const i64 row = (i64)p->origin * t->services + n->s;
    const i64 low = listed ? t->list_ptr[n->row] : t->ptr[row], high = listed ? t->list_ptr[n->row + 1] : t->ptr[row + 1];
    int liftable = 0;
    for (i64 z = low; z < high; z++) {
        if (listed && t->list_most[z] <= obtained) continue;
        const i64 e = listed ? t->list_entry[z] : z, f = t->facility[e];
        const Outlet *o = t->outlet + f;
        if (!o->present) continue;
        const double walk = (double)t->metres[e] / p->speed;
        int bits = (walk <= p->tolerance && !p->homebound ? 0 : FAR) | at_the_door(t, n, f);
        const int alone = bits ? bits : CLOSED;
        if (!single(alone) || !(alone & barriers & ~liftable)) continue;
        double leave = n->minute;
        if (!open_at(n->minute + walk, hours_of(t, f))) {
            leave = moved(n->minute, 0.0, walk, hours_of(t, f), windows_of(t, p), n->v->shift_max);
            if (leave < 0.0) bits |= CLOSED, leave = n->minute;
        }
        if (!single(bits) || bits & liftable) continue;
        const double wait = t->wait_public[f * HOURS + hour_of(leave + walk)];
        const double value = value_of(t->law, t->attraction[n->s * t->facilities + f], p->b_walk, walk, wait,
                                      fabs(leave - n->minute));
        const double error = n->v->tau * (gumbel(unit(chain(key, o->id))) + shared);
        if (value + n->v->taste_sd * normal(unit(chain(lasting, o->id))) + error > obtained) liftable |= bits;
    }
    return liftable;
}

static int diagnose(const Day *t, const Need *n, double obtained, int *liftable, int *feasible) {
    int barriers = met_on_foot(t, n, feasible);
    *liftable = liftable_on_foot(t, n, obtained, barriers);
    return barriers == 0 && !*feasible ? FAR : barriers;
}

/* ---------------------------------------------------------------------------------------------- ending */

static inline void judge(Day *t, const Need *n, double observed) {
    const i64 at = n->r * t->services + n->s;
    t->performance[at] += t->law->perf_memory * (observed - t->performance[at]);
    t->expectation[at] += t->law->expectation_rate * (observed - t->expectation[at]);
}

static void end_elsewhere(Day *t, const Need *n, i64 i) {
    Sheet *y = &t->sheet;
    Trip *trip = t->trip + i;
    int liftable, feasible, failed = y->tries[i] > 0;
    const int barriers = diagnose(t, n, trip->utility, &liftable, &feasible);
    if (trip->target == HOME)
        y->fate[i] = F_HOME;
    else if (trip->target == OUTSIDE) {
        y->fate[i] = F_OUTSIDE;
        y->price[i] = price_of(n->basket, n->v->price_outside);
        t->purse[n->r] -= y->price[i];
    } else if (failed)
        y->fate[i] = F_UNMET;
    else
        y->fate[i] = feasible || constants_of(t, n->p, n->s)[1] > t->law->unavailable ? F_DECLINED : F_UNMET;
    y->barriers[i] |= barriers;
    y->met_if_lifted[i] |= liftable;
    y->inside_feasible[i] = feasible;
    if (!failed && !feasible) y->first_barrier[i] = barriers & -barriers;
    y->utility[i] = trip->utility - n->p->b_walk * trip->walked;
    y->walk_min[i] = trip->walked;
    if (failed || !feasible || y->fate[i] == F_UNMET) judge(t, n, 0.0);
}

static void give_up(Day *t, const Need *n, i64 i) {
    Sheet *y = &t->sheet;
    const double obtained = forgone(t, n->row, n->p, n->s), walked = t->trip[i].walked;
    int liftable, feasible;
    y->barriers[i] |= diagnose(t, n, obtained, &liftable, &feasible);
    y->met_if_lifted[i] |= liftable;
    y->inside_feasible[i] = feasible;
    y->fate[i] = F_UNMET;
    y->walk_min[i] = walked;
    y->utility[i] = obtained - n->p->b_walk * walked;
    judge(t, n, 0.0);
}

/* ----------------------------------------------------------------------------------------- the counter */

static int stopped_at(Day *t, const Need *n, i64 i, i64 f, int *ahead) {
    const Outlet *o = t->outlet + f;
    const Law *w = t->law;
    const double now = t->trip[i].event;
    *ahead = 0;
    if (!(n->p->means & o->accepts)) return REFUSED;
    if (t->budget && price_of(n->basket, o->price_level) > t->purse[n->r]) return POOR;
    if (!t->capacity) return 0;
    while (t->head[f] < t->tail[f] && t->queue[f * QUEUE + t->head[f] % QUEUE] <= now) t->head[f]++;
    *ahead = (int)(t->tail[f] - t->head[f]);
    int busy = 1;
    for (i32 c = 0; c < o->servers && busy; c++) busy = t->free_at[f * t->servers + c] > now;
    if (busy && ((o->queue_limit >= 0 && *ahead >= o->queue_limit) || *ahead >= QUEUE - 1)) return FULL;
    const double patience = exponential(unit(chain(chain(t->patience_key[n->k], n->p->id), o->id)));
    const double excess = (double)*ahead - w->queue_unnoticed;
    return excess > 0.0 && w->b_queue * excess * excess > patience ? FULL : 0;
}

static double serve(Day *t, const Need *n, i64 i, i64 f, int ahead) {
    const Outlet *o = t->outlet + f;
    const Law *w = t->law;
    Sheet *y = &t->sheet;
    const Trip *trip = t->trip + i;
    const double now = trip->event;
    const double length = o->service_min * exponential(unit(chain(chain(t->service_key[n->k], n->p->id), o->id)));
    double start = now;
    if (t->capacity) {
        double *clock = t->free_at + f * t->servers;
        int server = 0;
        for (int c = 1; c < o->servers; c++)
            if (clock[c] < clock[server]) server = c;
        if (clock[server] > now) start = clock[server];
        clock[server] = start + length;
        t->queue[f * QUEUE + t->tail[f]++ % QUEUE] = start;
    }
    const double wait = start - now, walk = trip->walked;
    const i64 price = price_of(n->basket, o->price_level);
    if (t->memory) {
        t->wait_sum[f * HOURS + hour_of(now)] += wait;
        t->wait_count[f * HOURS + hour_of(now)] += 1.0;
    }
    t->purse[n->r] -= price;
    y->fate[i] = F_INSIDE, y->channel[i] = WALK_IN, y->facility[i] = (i32)f, y->price[i] = price;
    y->arrive_min[i] = now, y->start_min[i] = start, y->wait_min[i] = wait, y->walk_min[i] = walk, y->ahead[i] = ahead;
    y->barriers[i] = y->first_barrier[i] = y->met_if_lifted[i] = 0;
    y->utility[i] = trip->utility + w->b_wait * (trip->wait - wait) - n->p->b_walk * (walk - trip->home_walk);
    judge(t, n, 1.0 / (1.0 + exp(-(w->perf_constant + w->perf_quality * o->quality - w->perf_walk * walk
                                   - w->perf_wait * wait))));
    t->equity[n->r * t->services + n->s] = (double)n->basket / (price > 1 ? (double)price : 1.0);
    return start + length;
}

static int fail(Day *t, const Need *n, i64 i, int why) {
    Sheet *y = &t->sheet;
    const i64 f = t->trip[i].target;
    if (!y->first_barrier[i]) y->first_barrier[i] = why;
    y->barriers[i] |= why;
    y->met_if_lifted[i] |= why;
    if (y->tries[i] <= TRIED) t->trip[i].tried[y->tries[i] - 1] = (i32)f;
    if (why != REFUSED) return 0;
    y->refusals[i]++;
    if (t->memory) t->refused[n->r * t->words + (f >> 6)] |= (u64)1 << (f & 63);
    return unit(chain(chain(t->refusal_key[n->k], n->p->id), t->outlet[f].id)) < t->law->lost_sale;
}

/* --------------------------------------------------------------------------------------------- the day */

static inline Need need_of(const Day *t, i64 i, double minute) {
    const i64 k = t->kind[i], s = t->service_of[k];
    return (Need){i, t->resident[i], k, s, t->basket[i], minute, t->person + t->resident[i], t->service + s};
}

static inline void take(Trip *trip, const Choice *c) {
    trip->target = c->target, trip->utility = c->utility, trip->home_walk = c->home_walk, trip->wait = c->wait;
    trip->event = c->leave + c->walk;
    trip->walked += c->walk;
}

static i64 start(Day *t, i64 i, double free_from) {
    while (i >= 0) {
        const double minute = t->sheet.need_min[i] > free_from ? t->sheet.need_min[i] : free_from;
        const Need n = need_of(t, i, minute);
        Trip *trip = t->trip + i;
        trip->asked = minute, trip->not_before = free_from;
        const Choice c = choose(t, &n, free_from, AT_HOME, 0.0, trip->tried, 0);
        t->sheet.first_choice[i] = c.target;
        take(trip, &c);
        if (c.target >= 0) return i;
        end_elsewhere(t, &n, i);
        if (!t->clock) return NOBODY;
        i = t->then[i];
    }
    return NOBODY;
}

static i64 arrive(Day *t, i64 i, double *back) {
    Trip *trip = t->trip + i;
    const Need n = need_of(t, i, trip->asked);
    const i64 f = trip->target;
    const double now = trip->event, home = trip->home_walk;
    int ahead;
    t->sheet.tries[i]++;
    trip->place = (i32)f, trip->way_home = home;
    const int why = stopped_at(t, &n, i, f, &ahead);
    if (!why) {
        *back = serve(t, &n, i, f, ahead) + home;
        return NOBODY;
    }
    *back = now + home;
    if (fail(t, &n, i, why)) {
        give_up(t, &n, i);
        return NOBODY;
    }
    const Choice c = choose(t, &n, trip->not_before, trip->place, now, trip->tried, t->sheet.tries[i]);
    take(trip, &c);
    if (c.target >= 0) return i;
    end_elsewhere(t, &n, i);
    return NOBODY;
}

static inline int earlier(const Day *t, i64 i, i64 j) {
    if (t->trip[i].event != t->trip[j].event) return t->trip[i].event < t->trip[j].event;
    const u64 mine = t->person[t->resident[i]].id, other = t->person[t->resident[j]].id;
    return mine != other ? mine < other : i < j;
}

static inline i64 bucket_of(const Day *t, i64 i) {
    const i64 b = (i64)(t->trip[i].event * ((double)t->buckets / 2880.0));
    return b < t->buckets - 1 ? b : t->buckets - 1;
}

static inline void note(Day *t, i64 i) {
    const i64 b = bucket_of(t, i);
    t->trip[i].after = t->bucket[b];
    t->bucket[b] = (i32)i;
}

static void note_now(Day *t, i64 i, i64 b) {
    if (bucket_of(t, i) > b) {
        note(t, i);
        return;
    }
    i32 *link = t->bucket + b;
    while (*link >= 0 && earlier(t, *link, i)) link = &t->trip[*link].after;
    t->trip[i].after = *link;
    *link = (i32)i;
}

/* Merge sort of a bucket's list. */
static i32 in_order(Day *t, i32 head) {
    for (i64 run = 1;; run *= 2) {
        i32 rest = head, *link = &head;
        i64 merges = 0;
        head = NOBODY;
        for (; rest >= 0; merges++) {
            i32 left = rest, right = rest;
            i64 lefts = 0, rights = run;
            for (; lefts < run && right >= 0; lefts++) right = t->trip[right].after;
            while (lefts > 0 || (rights > 0 && right >= 0)) {
                i32 *from = lefts == 0 || (rights > 0 && right >= 0 && earlier(t, right, left)) ? &right : &left;
                *(from == &right ? &rights : &lefts) -= 1;
                *link = *from;
                link = &t->trip[*from].after;
                *from = *link;
            }
            rest = right;
        }
        *link = NOBODY;
        if (merges <= 1) return head;
    }
}

static void open_rows(Day *t) {
    Sheet *y = &t->sheet;
    const i64 n = t->needs;
    memcpy(y->resident, t->resident, n * sizeof *y->resident);
    memcpy(y->need_min, t->minute, n * sizeof *y->need_min);
    memcpy(y->basket, t->basket, n * sizeof *y->basket);
    memset(y->first_barrier, 0, n * sizeof(u16));
    memset(y->barriers, 0, n * sizeof(u16));
    memset(y->met_if_lifted, 0, n * sizeof(u16));
    memset(y->days_open, 0, n);
    memset(y->inside_feasible, 1, n);
    memset(y->tries, 0, n);
    memset(y->refusals, 0, n);
    memset(y->channel, 0, n);
    memset(y->price, 0, n * sizeof(i64));
    memset(y->fee, 0, n * sizeof(i64));
    memset(y->voucher, 0, n * sizeof(i64));
    for (i64 i = 0; i < n; i++) {
        y->service[i] = (u8)t->service_of[t->kind[i]], y->ordinal[i] = (u8)t->ordinal_of[t->kind[i]];
        y->facility[i] = NOBODY, y->ahead[i] = 0;
        y->arrive_min[i] = y->start_min[i] = y->wait_min[i] = NAN;
        t->trip[i].walked = t->trip[i].way_home = 0.0;
        t->trip[i].place = AT_HOME;
    }
}

static void midnight(Day *t) {
    for (i64 f = 0; f < t->facilities; f++) {
        for (i64 c = 0; c < t->servers; c++) {
            double *clock = t->free_at + f * t->servers + c;
            *clock = *clock - MINUTES > -MINUTES ? *clock - MINUTES : -MINUTES;
        }
        for (i64 z = t->head[f]; z < t->tail[f]; z++) t->queue[f * QUEUE + z % QUEUE] -= MINUTES;
        for (int h = 0; h < HOURS; h++) {
            const i64 at = f * HOURS + h;
            if (t->wait_count[at] <= 0.0) continue;
            const double met = t->wait_sum[at] / t->wait_count[at];
            t->wait_public[at] += t->law->wait_memory * (met - t->wait_public[at]);
            t->wait_sum[at] = t->wait_count[at] = 0.0;
        }
    }
}

/* Choose and serve all needs of a day. */
void core_errands(Day *t) {
    open_rows(t);
    memset(t->bucket, 0xFF, t->buckets * sizeof(i32));
    const i64 starts = t->clock ? t->residents : t->needs;
    for (i64 j = 0; j < starts; j++) {
        const i64 i = start(t, t->clock ? t->first[j] : j, 0.0);
        if (i >= 0) note(t, i);
    }
    for (i64 b = 0; b < t->buckets; b++) {
        if (t->bucket[b] >= 0) t->bucket[b] = in_order(t, t->bucket[b]);
        while (t->bucket[b] >= 0) {
            const i64 i = t->bucket[b];
            t->bucket[b] = t->trip[i].after;
            double back;
            i64 go = arrive(t, i, &back);
            if (go < 0 && t->clock) go = start(t, t->then[i], back);
            if (go >= 0) note_now(t, go, b);
        }
    }
    midnight(t);
}

/* So that the caller can tell that both sides lay memory out alike. */
i64 core_bytes(i64 which) {
    const size_t size[] = {sizeof(Person), sizeof(Outlet), sizeof(Service), sizeof(Law), sizeof(Trip), sizeof(Day)};
    return (i64)size[which];
}
